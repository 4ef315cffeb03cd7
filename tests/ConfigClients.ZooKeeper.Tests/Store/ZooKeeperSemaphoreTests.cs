using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperSemaphoreTests(ZooKeeperFixture fixture) : SemaphoreConformance(fixture), IClassFixture<ZooKeeperFixture>;
