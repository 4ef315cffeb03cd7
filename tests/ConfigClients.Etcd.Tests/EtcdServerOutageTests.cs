using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

[Collection(OwnServers.Name)]
public sealed class EtcdServerOutageTests : ServerOutageConformance
{
    protected override async Task<OwnServer> StartAsync()
    {
        EtcdBackend server = await EtcdBackend.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        return new OwnServer(server, server.Endpoint, server.PauseAsync, server.ResumeAsync, server.KillAsync, server.RestartAsync);
    }

    protected override IConfigStore Open(Uri endpoint) => EtcdStores.Open(endpoint);
}
