using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperLostUpdateTests(ZooKeeperFixture fixture) : LostUpdateConformance(fixture), IClassFixture<ZooKeeperFixture>;
