using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperPartitionsTests(ZooKeeperFixture fixture) : PartitionsConformance(fixture), IClassFixture<ZooKeeperFixture>;
