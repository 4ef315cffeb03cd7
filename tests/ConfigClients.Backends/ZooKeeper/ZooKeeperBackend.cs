using System.Security.Cryptography.X509Certificates;
using ConfigClients.Backends.Containers;
using ConfigClients.Backends.Native;
using ConfigClients.Backends.Relays;

namespace ConfigClients.Backends.ZooKeeper;

/// <summary>A ZooKeeper server: one alone, or one of a <see cref="ZooKeeperCluster"/>.</summary>
public sealed class ZooKeeperBackend : IBackend
{
    private readonly IBackend _server;
    private readonly bool _withTls;

    private ZooKeeperBackend(IBackend server, ZooKeeperNode node, bool withTls, ZooKeeperWords words)
    {
        _server = server;
        _withTls = withTls;
        Node = node;
        Words = words;
    }

    /// <inheritdoc/>
    public string Flavor => _server.Flavor;

    /// <inheritdoc/>
    public string Host => _server.Host;

    /// <inheritdoc/>
    public int Port => _server.Port;

    /// <summary>Scheme <c>zookeeper</c>, or <c>zookeepers</c> where clients must speak TLS; host and client port.</summary>
    public Uri Endpoint => _server.Endpoint;

    /// <summary>Asks the server about itself.</summary>
    public ZooKeeperWords Words { get; }

    /// <summary>How the server is called in its cluster.</summary>
    public string NodeName => Node.Name;

    internal ZooKeeperNode Node { get; }

    /// <summary>Starts one persistent server; returns when sessions can be opened.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    public static Task<ZooKeeperBackend> StartAsync(ZooKeeperBackendOptions? options = null, CancellationToken cancellationToken = default)
    {
        ZooKeeperNode node = ZooKeeperNode.Create(1);
        return StartAsync(node, [node], options ?? new(), network: null, cancellationToken);
    }

    /// <summary>A connection for whatever the test wants to say to the server directly; the caller disposes it.</summary>
    /// <param name="certificate">What to show to a server with TLS; null to show nothing.</param>
    /// <param name="cancellationToken">Stops connecting.</param>
    /// <remarks>It takes any server certificate: it is the test's tool, not its subject.</remarks>
    public Task<Stream> ConnectAsync(X509Certificate2? certificate = null, CancellationToken cancellationToken = default) =>
        ZooKeeperConnection.OpenAsync(Port, _withTls, certificate, cancellationToken);

    /// <summary>Whether this server serves reads and writes; no answer within half a second is a no.</summary>
    public Task<bool> IsServingAsync(CancellationToken cancellationToken = default) =>
        Readiness.SoonAsync(async token => await Words.ModeAsync(token) is not null, cancellationToken);

    /// <inheritdoc/>
    public Task PauseAsync() => _server.PauseAsync();

    /// <inheritdoc/>
    public Task ResumeAsync() => _server.ResumeAsync();

    /// <inheritdoc/>
    public Task KillAsync() => _server.KillAsync();

    /// <inheritdoc/>
    public Task StopAsync() => _server.StopAsync();

    /// <summary>Starts the server again. In a cluster it returns as soon as the server answers, leader or not.</summary>
    public Task RestartAsync() => _server.RestartAsync();

    /// <inheritdoc/>
    public Task<string> LogsAsync() => _server.LogsAsync();

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server.DisposeAsync();

    internal static async Task<ZooKeeperBackend> StartAsync(
        ZooKeeperNode node, IReadOnlyList<ZooKeeperNode> members, ZooKeeperBackendOptions options,
        ContainerNetwork? network, CancellationToken cancellationToken)
    {
        bool alone = members.Count == 1;
        ZooKeeperSettings settings = new(options, node, members);
        ZooKeeperWords words = new(Opener(node.ClientPort, options.Pki));
        ServerPlan plan = new()
        {
            Kind = ServerKind.ZooKeeper,
            NodeName = node.Name,
            ClientPort = node.ClientPort,
            Scheme = options.Pki is null ? "zookeeper" : "zookeepers",
            Environment = settings.Environment,
            Files = settings.Files,
            Arguments = place => [$"{place.Folder}/{ZooKeeperSettings.FileName}"],

            // Soon, because a server that is just starting may take a word and forget it.
            IsReadyAsync = (_, token) => Readiness.SoonAsync(
                async soon => alone ? await words.ModeAsync(soon) is not null : await words.AnswersAsync(soon), token),
        };

        return new(await ServerLauncher.LaunchAsync(plan, network, cancellationToken), node, options.Pki is not null, words);
    }

    /// <summary>Whether this server, as a process, has opened the connection from this port.</summary>
    internal bool HasOpened(int port, int remotePort) =>
        (_server as NativeBackend)?.ProcessId is int processId && LoopbackConnection.IsHeldBy(processId, port, remotePort);

    /// <summary>Whether this server leads a majority; no answer within half a second is a no.</summary>
    internal Task<bool> IsLeadingAsync(CancellationToken cancellationToken) =>
        Readiness.SoonAsync(async token => await Words.ModeAsync(token) is "leader", cancellationToken);

    /// <remarks>Made before it is known how the server runs: a server's client port is always on loopback.</remarks>
    private static Func<CancellationToken, Task<Stream>> Opener(int port, TestPki? pki)
    {
        TestCertificate? operatorCertificate = pki?.IssueClient("operator");
        return async token =>
        {
            using X509Certificate2? certificate = operatorCertificate?.ToX509();
            return await ZooKeeperConnection.OpenAsync(port, pki is not null, certificate, token);
        };
    }
}
