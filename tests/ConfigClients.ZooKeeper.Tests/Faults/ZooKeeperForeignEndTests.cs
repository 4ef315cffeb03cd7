using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests.Faults;

public sealed class ZooKeeperForeignEndTests(ZooKeeperFixture fixture) : ForeignEndConformance(fixture), IClassFixture<ZooKeeperFixture>
{
    protected override Task EndAsync(IStoreSession session) => fixture.EndAsync(session);
}
