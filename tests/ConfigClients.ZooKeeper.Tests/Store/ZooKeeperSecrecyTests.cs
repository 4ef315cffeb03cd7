using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperSecrecyTests(ZooKeeperFixture fixture) : SecrecyConformance(fixture), IClassFixture<ZooKeeperFixture>;
