using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdNetworkOutageTests(EtcdFixture fixture) : NetworkOutageConformance(fixture), IClassFixture<EtcdFixture>
{
    protected override Uri Server => fixture.Server.Endpoint;

    protected override IConfigStore Open(Uri endpoint) => EtcdStores.Open(endpoint);
}
