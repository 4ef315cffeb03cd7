using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>Stores on the server that all suites share; with servers switched off, their tests are skipped.</summary>
public sealed class ConsulFixture : StoreFixture
{
    private ConsulBackend? _server;

    /// <summary>The server. Tests leave it running as it is.</summary>
    public ConsulBackend Server => _server ?? throw new BackendsOffException();

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync() => _server = BackendSelection.IsOff ? null : await SharedConsul.GetAsync();

    /// <inheritdoc/>
    public override void Choose(ConfigStoreBuilder builder) => builder.UseConsul(options => options.Endpoints.Add(Server.Endpoint));

    /// <summary>A store with options of its own.</summary>
    internal IConfigStore Open(Action<ConsulStoreOptions>? options, Action<ConfigStoreBuilder>? configure = null) =>
        ConsulStores.Open(Server.Endpoint, options, configure);
}
