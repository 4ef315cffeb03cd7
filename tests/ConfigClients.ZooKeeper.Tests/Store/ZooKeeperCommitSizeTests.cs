using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperCommitSizeTests(ZooKeeperFixture fixture) : CommitSizeConformance(fixture), IClassFixture<ZooKeeperFixture>;
