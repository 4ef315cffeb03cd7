using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulSessionEndTests(ConsulFixture fixture) : SessionEndConformance(fixture), IClassFixture<ConsulFixture>;
