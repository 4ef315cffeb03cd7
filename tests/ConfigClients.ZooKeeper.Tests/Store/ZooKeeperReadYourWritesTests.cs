using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperReadYourWritesTests(ZooKeeperFixture fixture) : ReadYourWritesConformance(fixture), IClassFixture<ZooKeeperFixture>;
