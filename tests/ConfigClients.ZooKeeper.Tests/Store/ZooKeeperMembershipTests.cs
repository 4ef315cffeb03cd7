using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests;

public sealed class ZooKeeperMembershipTests(ZooKeeperFixture fixture) : MembershipConformance(fixture), IClassFixture<ZooKeeperFixture>;
