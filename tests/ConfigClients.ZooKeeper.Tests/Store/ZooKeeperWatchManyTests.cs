using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperWatchManyTests(ZooKeeperFixture fixture) : WatchManyConformance(fixture), IClassFixture<ZooKeeperFixture>;
