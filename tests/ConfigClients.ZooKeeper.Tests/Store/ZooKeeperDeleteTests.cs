using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperDeleteTests(ZooKeeperFixture fixture) : DeleteConformance(fixture), IClassFixture<ZooKeeperFixture>;
