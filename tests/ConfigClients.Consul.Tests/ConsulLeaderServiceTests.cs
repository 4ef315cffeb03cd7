using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulLeaderServiceTests(ConsulFixture fixture) : LeaderServiceConformance(fixture), IClassFixture<ConsulFixture>;
