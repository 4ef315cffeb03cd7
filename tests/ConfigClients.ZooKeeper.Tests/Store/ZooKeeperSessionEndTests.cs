using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperSessionEndTests(ZooKeeperFixture fixture) : SessionEndConformance(fixture), IClassFixture<ZooKeeperFixture>;
