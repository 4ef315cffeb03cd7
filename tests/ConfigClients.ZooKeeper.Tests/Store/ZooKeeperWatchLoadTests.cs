using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperWatchLoadTests(ZooKeeperFixture fixture) : WatchLoadConformance(fixture), IClassFixture<ZooKeeperFixture>;
