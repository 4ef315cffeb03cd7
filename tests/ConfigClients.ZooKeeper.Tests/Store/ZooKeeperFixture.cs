using ConfigClients.Backends;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.ZooKeeper.Tests.Faults;
using ConfigClients.ZooKeeper.Tests.Live;

namespace ConfigClients.ZooKeeper.Tests;

/// <summary>Stores on the server that all suites share; with servers switched off, their tests are skipped.</summary>
public sealed class ZooKeeperFixture : ServerFixture
{
    /// <summary>The prefix of the stores: the root of the server belongs to the client's own tests, some of which protect what they create.</summary>
    public const string Prefix = "suites";

    private ZooKeeperBackend? _server;

    /// <summary>The server. Tests leave it running as it is.</summary>
    public ZooKeeperBackend Server => _server ?? throw new BackendsOffException();

    /// <inheritdoc/>
    public override Uri Endpoint => Server.Endpoint;

    /// <inheritdoc/>
    public override async ValueTask InitializeAsync() => _server = BackendSelection.IsOff ? null : await SharedZooKeeper.GetAsync();

    /// <inheritdoc/>
    public override void Choose(ConfigStoreBuilder builder) => builder.UseZooKeeper(options =>
    {
        options.Servers.Add($"127.0.0.1:{Server.Port}");
        options.Prefix = Prefix;
    });

    /// <inheritdoc/>
    public override IConfigStore OpenAt(IReadOnlyList<Uri> endpoints, TimeSpan? requestTimeout = null, Action<ConfigStoreBuilder>? configure = null) => ZooKeeperStores.Open(
        endpoints.Select(static endpoint => $"{endpoint.Host}:{endpoint.Port}"),
        options =>
        {
            options.Prefix = Prefix;
            options.RequestTimeout = requestTimeout ?? options.RequestTimeout;
        },
        configure);

    /// <inheritdoc/>
    public override Task EndAsync(IStoreSession session) => ForeignEnd.OfAsync(Assert.IsType<ZooKeeperSession>(session).Wire, Server);
}
