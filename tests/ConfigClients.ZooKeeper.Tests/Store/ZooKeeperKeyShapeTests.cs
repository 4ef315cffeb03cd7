using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperKeyShapeTests(ZooKeeperFixture fixture) : KeyShapeConformance(fixture), IClassFixture<ZooKeeperFixture>;
