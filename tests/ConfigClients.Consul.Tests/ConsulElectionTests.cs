using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulElectionTests(ConsulFixture fixture) : ElectionConformance(fixture), IClassFixture<ConsulFixture>;
