using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperConvenienceTests(ZooKeeperFixture fixture) : ConvenienceConformance(fixture), IClassFixture<ZooKeeperFixture>;
