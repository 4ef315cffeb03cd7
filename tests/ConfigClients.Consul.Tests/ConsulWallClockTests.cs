using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulWallClockTests(ConsulFixture fixture) : WallClockConformance(fixture), IClassFixture<ConsulFixture>;
