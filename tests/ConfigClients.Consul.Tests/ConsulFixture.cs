using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>Stores on the server that all suites share; with servers switched off, their tests are skipped.</summary>
public sealed class ConsulFixture : ServerFixture
{
    private ConsulBackend? _server;

    /// <summary>The server. Tests leave it running as it is.</summary>
    public ConsulBackend Server => _server ?? throw new BackendsOffException();

    /// <inheritdoc/>
    public override Uri Endpoint => Server.Endpoint;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync() => _server = BackendSelection.IsOff ? null : await SharedConsul.GetAsync();

    /// <inheritdoc/>
    public override void Choose(ConfigStoreBuilder builder) => builder.UseConsul(options => options.Endpoints.Add(Server.Endpoint));

    /// <inheritdoc/>
    public override IConfigStore OpenAt(IReadOnlyList<Uri> endpoints, TimeSpan? requestTimeout = null, Action<ConfigStoreBuilder>? configure = null) => ConsulStores.Open(
        endpoints, options => options.RequestTimeout = requestTimeout ?? options.RequestTimeout, configure);

    /// <inheritdoc/>
    public override async Task EndAsync(IStoreSession session)
    {
        using HttpClient client = Server.CreateClient();
        using HttpResponseMessage answer = await client.PutAsync(new Uri($"/v1/session/destroy/{session.Id}", UriKind.Relative), null, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }

    /// <summary>A store with options of its own.</summary>
    internal IConfigStore Open(Action<ConsulStoreOptions>? options, Action<ConfigStoreBuilder>? configure = null) =>
        ConsulStores.Open(Server.Endpoint, options, configure);
}
