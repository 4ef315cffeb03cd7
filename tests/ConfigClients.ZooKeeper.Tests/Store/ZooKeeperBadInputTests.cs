using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperBadInputTests(ZooKeeperFixture fixture) : BadInputConformance(fixture), IClassFixture<ZooKeeperFixture>;
