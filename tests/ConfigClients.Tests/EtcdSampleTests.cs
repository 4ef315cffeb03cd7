using ConfigClients.Backends;
using ConfigClients.Backends.Etcd;

namespace ConfigClients.Tests;

public sealed class EtcdSampleTests : SampleConformance, IAsyncLifetime
{
    private readonly string _prefix = Guid.NewGuid().ToString("n");
    private EtcdBackend? _server;

    protected override string Store => _server is { } server ? $"etcd://{server.Host}:{server.Port}/{_prefix}" : throw new BackendsOffException();

    public async ValueTask InitializeAsync() => _server = BackendSelection.IsOff ? null : await SharedEtcd.GetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
