using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulCreationOrderTests(ConsulFixture fixture) : CreationOrderConformance(fixture), IClassFixture<ConsulFixture>;
