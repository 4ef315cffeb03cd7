using ConfigClients.Backends.Containers;
using ConfigClients.Backends.Relays;

namespace ConfigClients.Backends.Etcd;

/// <summary>etcd servers that elect a leader among themselves; each can be paused, killed, restarted and cut off alone.</summary>
public sealed class EtcdCluster : IAsyncDisposable
{
    private readonly ContainerNetwork? _network;
    private readonly PeerRelays? _relays;

    private EtcdCluster(IReadOnlyList<EtcdBackend> nodes, ContainerNetwork? network, PeerRelays? relays)
    {
        Nodes = nodes;
        _network = network;
        _relays = relays;
        if (relays is not null)
        {
            relays.FindOwner = (port, relayPort) => nodes.FirstOrDefault(node => node.HasOpened(port, relayPort))?.Node.KnownPeerPort;
        }
    }

    /// <summary>All servers, running or not, always in the same order.</summary>
    public IReadOnlyList<EtcdBackend> Nodes { get; }

    /// <summary>Starts the servers; returns when every one of them serves.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    /// <exception cref="NotSupportedException"><see cref="EtcdBackendOptions.RelayPeers"/> was asked for and servers run in containers.</exception>
    public static async Task<EtcdCluster> StartAsync(
        EtcdBackendOptions? options = null, int size = 3, CancellationToken cancellationToken = default)
    {
        EtcdAccess access = new(options ?? new());
        bool relayed = access.Options.RelayPeers;
        bool inContainers = await BackendSelection.ResolveAsync(access.Kind, cancellationToken) is BackendMode.Container;
        if (relayed && inContainers)
        {
            throw new NotSupportedException(
                "Peers cannot be cut off in containers: their traffic would have to pass through the test process, which listens on loopback only, where no container reaches it. Run these tests with CONFIGCLIENTS_BACKENDS=native.");
        }

        IReadOnlyList<EtcdNode> members = [.. Enumerable.Range(1, size).Select(number => EtcdNode.Create($"n{number}", relayed))];
        ContainerNetwork? network = inContainers ? await ContainerNetwork.CreateAsync(cancellationToken) : null;
        PeerRelays? relays = relayed ? new(members.Select(member => (member.KnownPeerPort, member.PeerPort))) : null;

        List<Task<EtcdBackend>> starts =
            [.. members.Select(member => EtcdBackend.StartAsync(member, members, access, network, cancellationToken))];
        try
        {
            EtcdCluster cluster = new(await Task.WhenAll(starts), network, relays);
            await cluster.WaitUntilServingAsync(cancellationToken);
            await cluster.Nodes[0].EnableAuthAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await DisposeStartedAsync(starts, network, relays);
            throw;
        }
    }

    /// <summary>The leader that the majority follows; waits until there is one, for a minute at most.</summary>
    /// <param name="otherThan">A leader that was killed, paused or cut off: it may take itself for the leader for a while.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<EtcdBackend> LeaderAsync(EtcdBackend? otherThan = null, CancellationToken cancellationToken = default)
    {
        EtcdBackend? leader = null;
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

    /// <summary>Cuts a server off from all others: connections between them end, new ones are refused, in both directions. Clients still reach it.</summary>
    /// <exception cref="InvalidOperationException">The cluster was started without <see cref="EtcdBackendOptions.RelayPeers"/>.</exception>
    public void CutPeers(EtcdBackend node) => Relays().Cut(node.Node.KnownPeerPort);

    /// <summary>Ends <see cref="CutPeers"/> for this server.</summary>
    public void HealPeers(EtcdBackend node) => Relays().Heal(node.Node.KnownPeerPort);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        await DisposeAsync(_network, _relays);
    }

    private static async Task DisposeStartedAsync(IEnumerable<Task<EtcdBackend>> starts, ContainerNetwork? network, PeerRelays? relays)
    {
        foreach (Task<EtcdBackend> start in starts)
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
        _relays ?? throw new InvalidOperationException($"Start the cluster with {nameof(EtcdBackendOptions.RelayPeers)} to cut its peers off.");

    private async Task WaitUntilServingAsync(CancellationToken cancellationToken)
    {
        foreach (EtcdBackend node in Nodes)
        {
            if (!await Readiness.WaitAsync(node.IsServingAsync, _ => Task.FromResult(false), cancellationToken))
            {
                throw new InvalidOperationException($"{node.NodeName} does not serve. Its log:\n{await node.LogsAsync()}");
            }
        }
    }
}
