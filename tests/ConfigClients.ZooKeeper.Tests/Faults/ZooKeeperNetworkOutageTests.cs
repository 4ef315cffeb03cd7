using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests.Faults;

public sealed class ZooKeeperNetworkOutageTests(ZooKeeperFixture fixture) : NetworkOutageConformance(fixture), IClassFixture<ZooKeeperFixture>
{
    protected override Uri Server => fixture.Server.Endpoint;

    protected override IConfigStore Open(Uri endpoint) => ZooKeeperStores.Open([$"{endpoint.Host}:{endpoint.Port}"], static options =>
    {
        options.Prefix = ZooKeeperFixture.Prefix;
        options.RequestTimeout = TimeSpan.FromSeconds(5);
    });
}
