using System.Security.Cryptography.X509Certificates;
using ConfigClients.Backends.Containers;
using ConfigClients.Backends.Native;
using ConfigClients.Backends.Relays;

namespace ConfigClients.Backends.Etcd;

/// <summary>An etcd server: one alone, or one of an <see cref="EtcdCluster"/>.</summary>
public sealed class EtcdBackend : IBackend
{
    private readonly IBackend _server;
    private readonly EtcdAccess _access;
    private readonly HttpClient _metrics;
    private readonly EtcdControlFiles _files;

    private EtcdBackend(IBackend server, EtcdNode node, EtcdAccess access, HttpClient metrics)
    {
        _server = server;
        _access = access;
        _metrics = metrics;
        _files = new(access.Certificate);
        Node = node;
        Control = new(server.Endpoint, _files, access.RootPassword is null ? null : (EtcdControl.Root, access.RootPassword));
    }

    /// <inheritdoc/>
    public string Flavor => _server.Flavor;

    /// <inheritdoc/>
    public string Host => _server.Host;

    /// <inheritdoc/>
    public int Port => _server.Port;

    /// <inheritdoc/>
    public Uri Endpoint => _server.Endpoint;

    /// <summary>The operator's tool, pointed at this server; acts as root where there are users.</summary>
    public EtcdControl Control { get; }

    /// <summary>The password of the user <c>root</c>, who may do everything; null without users.</summary>
    public string? RootPassword => _access.RootPassword;

    /// <summary>How the server is called in its cluster.</summary>
    public string NodeName => Node.Name;

    internal EtcdNode Node { get; }

    /// <summary>Starts one persistent server; returns when keys can be written.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    public static async Task<EtcdBackend> StartAsync(EtcdBackendOptions? options = null, CancellationToken cancellationToken = default)
    {
        EtcdNode node = EtcdNode.Create("n1");
        EtcdBackend backend = await StartAsync(node, [node], new(options ?? new()), network: null, cancellationToken);
        try
        {
            await backend.EnableAuthAsync(cancellationToken);
            return backend;
        }
        catch
        {
            await backend.DisposeAsync();
            throw;
        }
    }

    /// <summary>A client of the JSON gateway, for whatever the test wants to ask the server directly; the caller disposes it.</summary>
    /// <param name="token">What <c>/v3/auth/authenticate</c> answered; null to send none.</param>
    /// <param name="certificate">What to show to the server; null to show nothing. With users the gateway refuses one with a common name.</param>
    /// <remarks>It takes any server certificate: it is the test's tool, not its subject.</remarks>
    public HttpClient CreateClient(string? token = null, X509Certificate2? certificate = null)
    {
        HttpClient client = TrustingHttpClient.Create(Endpoint, certificate);
        if (token is not null)
        {
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", token);
        }

        return client;
    }

    /// <summary>Whether this server serves reads that a majority confirms; no answer within half a second is a no.</summary>
    public Task<bool> IsServingAsync(CancellationToken cancellationToken = default) =>
        Readiness.SoonAsync(token => EtcdProbe.ServesAsync(_metrics, token), cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync() => _server.PauseAsync();

    /// <inheritdoc/>
    public Task ResumeAsync() => _server.ResumeAsync();

    /// <inheritdoc/>
    public Task KillAsync() => _server.KillAsync();

    /// <inheritdoc/>
    public Task StopAsync() => _server.StopAsync();

    /// <summary>Starts the server again. In a cluster it returns as soon as the server runs, leader or not.</summary>
    public Task RestartAsync() => _server.RestartAsync();

    /// <inheritdoc/>
    public Task<string> LogsAsync() => _server.LogsAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _metrics.Dispose();
        _files.Dispose();
        await _server.DisposeAsync();
    }

    internal static async Task<EtcdBackend> StartAsync(
        EtcdNode node, IReadOnlyList<EtcdNode> members, EtcdAccess access,
        ContainerNetwork? network, CancellationToken cancellationToken)
    {
        // A server's ports are on loopback however it runs.
        HttpClient metrics = TrustingHttpClient.Create(new($"http://127.0.0.1:{node.MetricsPort}"));
        bool alone = members.Count == 1;
        EtcdSettings settings = new(access.Options, node, members);
        ServerPlan plan = new()
        {
            Kind = access.Kind,
            NodeName = node.Name,
            ClientPort = node.ClientPort,
            FurtherPorts = [node.MetricsPort],
            Scheme = access.Options.Pki is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps,
            Files = settings.Files,
            Arguments = settings.Arguments,
            IsReadyAsync = (_, token) => alone ? EtcdProbe.ServesAsync(metrics, token) : EtcdProbe.AnswersAsync(metrics, token),
        };

        try
        {
            return new(await ServerLauncher.LaunchAsync(plan, network, cancellationToken), node, access, metrics);
        }
        catch
        {
            metrics.Dispose();
            throw;
        }
    }

    /// <summary>Whether this server leads a majority; no answer within half a second is a no.</summary>
    internal Task<bool> IsLeadingAsync(CancellationToken cancellationToken) =>
        Readiness.SoonAsync(token => EtcdProbe.LeadsAsync(_metrics, token), cancellationToken);

    /// <summary>Whether this server has opened the connection from the first port to the second. Never known of a container.</summary>
    internal bool HasOpened(int port, int remotePort) =>
        (_server as NativeBackend)?.ProcessId is int processId && LoopbackConnection.IsHeldBy(processId, port, remotePort);

    /// <summary>Makes the user root and demands users from then on, where the options say so. Once for a cluster.</summary>
    internal async Task EnableAuthAsync(CancellationToken cancellationToken)
    {
        if (RootPassword is not null)
        {
            await Control.Users.AddAsync(EtcdControl.Root, RootPassword, cancellationToken);
            await Control.Users.EnableAuthAsync(cancellationToken);
        }
    }
}
