using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulPartitionsTests(ConsulFixture fixture) : PartitionsConformance(fixture), IClassFixture<ConsulFixture>;
