using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperListingTests(ZooKeeperFixture fixture) : ListingConformance(fixture), IClassFixture<ZooKeeperFixture>;
