using System.Globalization;
using ConfigClients.Backends;
using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

/// <summary>Stores on the server that all suites share; with servers switched off, their tests are skipped.</summary>
public sealed class EtcdFixture : ServerFixture
{
    private EtcdBackend? _server;

    /// <summary>The server. Tests leave it running as it is.</summary>
    public EtcdBackend Server => _server ?? throw new BackendsOffException();

    /// <inheritdoc/>
    public override Uri Endpoint => Server.Endpoint;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync() => _server = BackendSelection.IsOff ? null : await SharedEtcd.GetAsync();

    /// <inheritdoc/>
    public override void Choose(ConfigStoreBuilder builder) => builder.UseEtcd(options => options.Endpoints.Add(Server.Endpoint));

    /// <inheritdoc/>
    public override IConfigStore OpenAt(IReadOnlyList<Uri> endpoints, TimeSpan? requestTimeout = null, Action<ConfigStoreBuilder>? configure = null) => EtcdStores.Open(
        endpoints, options => options.RequestTimeout = requestTimeout ?? options.RequestTimeout, configure);

    /// <inheritdoc/>
    public override Task EndAsync(IStoreSession session) => Server.Control.RevokeLeaseAsync(
        long.Parse(session.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);

    /// <summary>A store with options of its own.</summary>
    internal IConfigStore Open(Action<EtcdStoreOptions>? options, Action<ConfigStoreBuilder>? configure = null) =>
        EtcdStores.Open(Server.Endpoint, options, configure);
}
