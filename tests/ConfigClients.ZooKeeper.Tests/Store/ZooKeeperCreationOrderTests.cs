using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperCreationOrderTests(ZooKeeperFixture fixture) : CreationOrderConformance(fixture), IClassFixture<ZooKeeperFixture>;
