using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulSeatTests(ConsulFixture fixture) : SeatConformance(fixture), IClassFixture<ConsulFixture>;
