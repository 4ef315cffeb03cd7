using ConfigClients.Conformance.Recipes;
using ConfigClients.ZooKeeper.Tests.Live;

namespace ConfigClients.ZooKeeper.Tests.Faults;

public sealed class ZooKeeperForeignEndTests(ZooKeeperFixture fixture) : ForeignEndConformance(fixture), IClassFixture<ZooKeeperFixture>
{
    protected override Task EndAsync(IStoreSession session) => ForeignEnd.OfAsync(Assert.IsType<ZooKeeperSession>(session).Wire, fixture.Server);
}
