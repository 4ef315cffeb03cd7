using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperSessionTests(ZooKeeperFixture fixture) : SessionConformance(fixture), IClassFixture<ZooKeeperFixture>;
