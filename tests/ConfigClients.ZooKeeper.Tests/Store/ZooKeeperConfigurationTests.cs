using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperConfigurationTests(ZooKeeperFixture fixture) : ConfigurationConformance(fixture), IClassFixture<ZooKeeperFixture>;
