using ConfigClients.Backends.Containers;

namespace ConfigClients.Backends.ZooKeeper;

/// <summary>ZooKeeper servers that elect a leader among themselves; each can be paused, killed and restarted alone.</summary>
public sealed class ZooKeeperCluster : IAsyncDisposable
{
    private readonly ContainerNetwork? _network;

    private ZooKeeperCluster(IReadOnlyList<ZooKeeperBackend> nodes, ContainerNetwork? network)
    {
        Nodes = nodes;
        _network = network;
    }

    /// <summary>All servers, running or not, always in the same order.</summary>
    public IReadOnlyList<ZooKeeperBackend> Nodes { get; }

    /// <summary>Starts the servers; returns when every one of them serves.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    public static async Task<ZooKeeperCluster> StartAsync(
        ZooKeeperBackendOptions? options = null, int size = 3, CancellationToken cancellationToken = default)
    {
        options ??= new();
        IReadOnlyList<ZooKeeperNode> members = [.. Enumerable.Range(1, size).Select(ZooKeeperNode.Create)];
        bool inContainers = await BackendSelection.ResolveAsync(ServerKind.ZooKeeper, cancellationToken) is BackendMode.Container;
        ContainerNetwork? network = inContainers ? await ContainerNetwork.CreateAsync(cancellationToken) : null;

        List<Task<ZooKeeperBackend>> starts =
            [.. members.Select(member => ZooKeeperBackend.StartAsync(member, members, options, network, cancellationToken))];
        try
        {
            ZooKeeperCluster cluster = new(await Task.WhenAll(starts), network);
            await cluster.WaitUntilServingAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await DisposeStartedAsync(starts, network);
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

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(node => node.DisposeAsync().AsTask()));
        if (_network is not null)
        {
            await _network.DisposeAsync();
        }
    }

    private static async Task DisposeStartedAsync(IEnumerable<Task<ZooKeeperBackend>> starts, ContainerNetwork? network)
    {
        foreach (Task<ZooKeeperBackend> start in starts)
        {
            await ((Task)start).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (start.IsCompletedSuccessfully)
            {
                await (await start).DisposeAsync();
            }
        }

        if (network is not null)
        {
            await network.DisposeAsync();
        }
    }

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
