using ConfigClients.Backends;
using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.Tests;

public sealed class ZooKeeperSampleTests : SampleConformance, IAsyncLifetime
{
    private readonly string _prefix = Guid.NewGuid().ToString("n");
    private ZooKeeperBackend? _server;

    protected override string Store => _server is { } server ? $"zookeeper://{server.Host}:{server.Port}/{_prefix}" : throw new BackendsOffException();

    public async ValueTask InitializeAsync() => _server = BackendSelection.IsOff ? null : await SharedZooKeeper.GetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
