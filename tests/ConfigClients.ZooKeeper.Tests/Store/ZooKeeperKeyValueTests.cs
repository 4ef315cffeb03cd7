using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperKeyValueTests(ZooKeeperFixture fixture) : KeyValueConformance(fixture), IClassFixture<ZooKeeperFixture>;
