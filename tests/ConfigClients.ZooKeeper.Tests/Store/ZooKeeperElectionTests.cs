using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperElectionTests(ZooKeeperFixture fixture) : ElectionConformance(fixture), IClassFixture<ZooKeeperFixture>;
