using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperBadConfigurationTests(ZooKeeperFixture fixture) : BadConfigurationConformance(fixture), IClassFixture<ZooKeeperFixture>;
