using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperSeatTests(ZooKeeperFixture fixture) : SeatConformance(fixture), IClassFixture<ZooKeeperFixture>;
