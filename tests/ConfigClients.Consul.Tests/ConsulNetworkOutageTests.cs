using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulNetworkOutageTests(ConsulFixture fixture) : NetworkOutageConformance(fixture), IClassFixture<ConsulFixture>
{
    protected override Uri Server => fixture.Server.Endpoint;

    protected override IConfigStore Open(Uri endpoint) => ConsulStores.Open(endpoint);
}
