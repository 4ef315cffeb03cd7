using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperWallClockTests(ZooKeeperFixture fixture) : WallClockConformance(fixture), IClassFixture<ZooKeeperFixture>;
