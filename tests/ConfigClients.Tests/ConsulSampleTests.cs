using ConfigClients.Backends;
using ConfigClients.Backends.Consul;

namespace ConfigClients.Tests;

public sealed class ConsulSampleTests : SampleConformance, IAsyncLifetime
{
    private readonly string _prefix = Guid.NewGuid().ToString("n");
    private ConsulBackend? _server;

    protected override string Store => _server is { } server ? $"consul://{server.Host}:{server.Port}/{_prefix}" : throw new BackendsOffException();

    public async ValueTask InitializeAsync() => _server = BackendSelection.IsOff ? null : await SharedConsul.GetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
