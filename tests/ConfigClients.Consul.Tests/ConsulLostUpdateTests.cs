using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulLostUpdateTests(ConsulFixture fixture) : LostUpdateConformance(fixture), IClassFixture<ConsulFixture>;
