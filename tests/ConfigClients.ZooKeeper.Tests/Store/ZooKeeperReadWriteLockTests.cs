using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperReadWriteLockTests(ZooKeeperFixture fixture) : ReadWriteLockConformance(fixture), IClassFixture<ZooKeeperFixture>;
