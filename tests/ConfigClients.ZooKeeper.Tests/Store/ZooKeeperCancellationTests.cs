using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperCancellationTests(ZooKeeperFixture fixture) : CancellationConformance(fixture), IClassFixture<ZooKeeperFixture>;
