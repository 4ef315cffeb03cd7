using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperDisposalTests(ZooKeeperFixture fixture) : DisposalConformance(fixture), IClassFixture<ZooKeeperFixture>;
