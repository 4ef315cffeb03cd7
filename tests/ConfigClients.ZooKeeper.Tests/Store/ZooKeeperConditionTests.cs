using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperConditionTests(ZooKeeperFixture fixture) : ConditionConformance(fixture), IClassFixture<ZooKeeperFixture>;
