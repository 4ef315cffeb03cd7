using ConfigClients.Backends.Containers;
using ConfigClients.Backends.Relays;

namespace ConfigClients.Backends.ZooKeeper;

/// <summary>ZooKeeper servers that elect a leader among themselves; each can be paused, killed, restarted and cut off alone.</summary>
public sealed class ZooKeeperCluster : IAsyncDisposable
{
    private readonly ContainerNetwork? _network;
    private readonly PeerRelays? _relays;

    private ZooKeeperCluster(IReadOnlyList<ZooKeeperBackend> nodes, ContainerNetwork? network, PeerRelays? relays)
    {
        Nodes = nodes;
        _network = network;
        _relays = relays;
        if (relays is not null)
        {
            relays.FindOwner = (port, relayPort) => nodes.FirstOrDefault(node => node.HasOpened(port, relayPort))?.Node.KnownQuorumPort;
        }
    }

    /// <summary>All servers, running or not, always in the same order.</summary>
    public IReadOnlyList<ZooKeeperBackend> Nodes { get; }

    /// <summary>Starts the servers; returns when every one of them serves.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    /// <exception cref="NotSupportedException"><see cref="ZooKeeperBackendOptions.RelayPeers"/> was asked for and servers run in containers.</exception>
    public static async Task<ZooKeeperCluster> StartAsync(
        ZooKeeperBackendOptions? options = null, int size = 3, CancellationToken cancellationToken = default)
    {
        options ??= new();
        bool inContainers = await BackendSelection.ResolveAsync(ServerKind.ZooKeeper, cancellationToken) is BackendMode.Container;
        if (options.RelayPeers && inContainers)
        {
            throw new NotSupportedException("Peers cannot be cut off in containers, which do not reach the test process. Run these tests with CONFIGCLIENTS_BACKENDS=native.");
        }

        IReadOnlyList<ZooKeeperNode> members = [.. Enumerable.Range(1, size).Select(number => ZooKeeperNode.Create(number, options.RelayPeers))];
        PeerRelays? relays = options.RelayPeers
            ? new(members.SelectMany(static member => new[] { (member.KnownQuorumPort, member.QuorumPort), (member.KnownElectionPort, member.ElectionPort) }))
            : null;
        ContainerNetwork? network = inContainers ? await ContainerNetwork.CreateAsync(cancellationToken) : null;

        List<Task<ZooKeeperBackend>> starts =
            [.. members.Select(member => ZooKeeperBackend.StartAsync(member, members, options, network, cancellationToken))];
        try
        {
            ZooKeeperCluster cluster = new(await Task.WhenAll(starts), network, relays);
            await cluster.WaitUntilServingAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await DisposeStartedAsync(starts, network, relays);
            throw;
        }
    }

    /// <summary>The leader that a majority has elected; waits until there is one, for a minute at most.</summary>
    /// <param name="otherThan">A leader that was killed or paused.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<ZooKeeperBackend> LeaderAsync(ZooKeeperBackend? otherThan = null, CancellationToken cancellationToken = default)
    {
        ZooKeeperBackend? leader = null;
        bool found = await Readiness.WaitAsync(
            async token =>
            {
                bool[] answers = await Task.WhenAll(Nodes.Select(node => node.IsLeadingAsync(token)));
                leader = Nodes.Zip(answers).FirstOrDefault(pair => pair.Second && pair.First != otherThan).First;
                return leader is not null;
            },
            _ => Task.FromResult(false),
            cancellationToken);
        return found && leader is not null ? leader : throw new TimeoutException("No leader was elected.");
    }

    /// <summary>Cuts a server off from all others, in both directions: it can neither follow nor be followed. Clients still reach it.</summary>
    /// <exception cref="InvalidOperationException">The cluster was started without <see cref="ZooKeeperBackendOptions.RelayPeers"/>.</exception>
    public void CutPeers(ZooKeeperBackend node)
    {
        Relays().Cut(node.Node.KnownQuorumPort);
        Relays().Cut(node.Node.KnownElectionPort);
    }

    /// <summary>Ends <see cref="CutPeers"/> for this server.</summary>
    public void HealPeers(ZooKeeperBackend node)
    {
        Relays().Heal(node.Node.KnownQuorumPort);
        Relays().Heal(node.Node.KnownElectionPort);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        await DisposeAsync(_network, _relays);
    }

    private static async Task DisposeStartedAsync(IEnumerable<Task<ZooKeeperBackend>> starts, ContainerNetwork? network, PeerRelays? relays)
    {
        foreach (Task<ZooKeeperBackend> start in starts)
        {
            await ((Task)start).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (start.IsCompletedSuccessfully)
            {
                await (await start).DisposeAsync();
            }
        }

        await DisposeAsync(network, relays);
    }

    private static async Task DisposeAsync(ContainerNetwork? network, PeerRelays? relays)
    {
        if (relays is not null)
        {
            await relays.DisposeAsync();
        }

        if (network is not null)
        {
            await network.DisposeAsync();
        }
    }

    private PeerRelays Relays() =>
        _relays ?? throw new InvalidOperationException($"Start the cluster with {nameof(ZooKeeperBackendOptions.RelayPeers)} to cut its peers off.");

    private async Task WaitUntilServingAsync(CancellationToken cancellationToken)
    {
        foreach (ZooKeeperBackend node in Nodes)
        {
            if (!await Readiness.WaitAsync(node.IsServingAsync, _ => Task.FromResult(false), cancellationToken))
            {
                throw new InvalidOperationException($"{node.NodeName} does not serve. Its log:\n{await node.LogsAsync()}");
            }
        }
    }
}
