using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperWatchTests(ZooKeeperFixture fixture) : WatchConformance(fixture), IClassFixture<ZooKeeperFixture>;
