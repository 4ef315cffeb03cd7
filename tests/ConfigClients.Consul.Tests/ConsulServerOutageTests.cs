using ConfigClients.Backends.Consul;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulServerOutageTests : ServerOutageConformance
{
    protected override async Task<OwnServer> StartAsync()
    {
        ConsulBackend server = await ConsulBackend.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        return new OwnServer(server, server.Endpoint, server.PauseAsync, server.ResumeAsync, server.KillAsync, server.RestartAsync);
    }

    protected override IConfigStore Open(Uri endpoint) => ConsulStores.Open(endpoint);
}
