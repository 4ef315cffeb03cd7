using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperLeaderServiceTests(ZooKeeperFixture fixture) : LeaderServiceConformance(fixture), IClassFixture<ZooKeeperFixture>;
