using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperLockLossTests(ZooKeeperFixture fixture) : LockLossConformance(fixture), IClassFixture<ZooKeeperFixture>;
