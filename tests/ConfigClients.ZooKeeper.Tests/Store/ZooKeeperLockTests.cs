using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperLockTests(ZooKeeperFixture fixture) : LockConformance(fixture), IClassFixture<ZooKeeperFixture>;
