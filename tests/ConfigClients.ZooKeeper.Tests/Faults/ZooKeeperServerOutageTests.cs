using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Recipes;

namespace ConfigClients.ZooKeeper.Tests.Faults;

public sealed class ZooKeeperServerOutageTests : ServerOutageConformance
{
    protected override async Task<OwnServer> StartAsync()
    {
        ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        return new OwnServer(server, server.Endpoint, server.PauseAsync, server.ResumeAsync, server.KillAsync, server.RestartAsync);
    }

    protected override IConfigStore Open(Uri endpoint) => ZooKeeperStores.Open([$"{endpoint.Host}:{endpoint.Port}"]);
}
