using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulDeleteTests(ConsulFixture fixture) : DeleteConformance(fixture), IClassFixture<ConsulFixture>;
