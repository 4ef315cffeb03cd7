using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperSessionBindingTests(ZooKeeperFixture fixture) : SessionBindingConformance(fixture), IClassFixture<ZooKeeperFixture>;
