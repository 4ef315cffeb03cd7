using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperCommitTests(ZooKeeperFixture fixture) : CommitConformance(fixture), IClassFixture<ZooKeeperFixture>;
