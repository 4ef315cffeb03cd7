using ConfigClients.Backends.Consul;

namespace ConfigClients.Backends.Tests;

/// <summary>How a suite gets the shared server; with servers switched off, its tests are skipped.</summary>
public sealed class SharedConsulFixture : IAsyncLifetime
{
    private ConsulBackend? _server;

    public ConsulBackend Server => _server ?? throw new BackendsOffException();

    public async ValueTask InitializeAsync() => _server = BackendSelection.IsOff ? null : await SharedConsul.GetAsync();

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
