using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulSessionTests(ConsulFixture fixture) : SessionConformance(fixture), IClassFixture<ConsulFixture>;
