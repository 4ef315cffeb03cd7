using ConfigClients.Backends.Containers;

namespace ConfigClients.Backends.Consul;

/// <summary>Consul servers that elect a leader among themselves; each can be paused, killed and restarted alone.</summary>
public sealed class ConsulCluster : IAsyncDisposable
{
    private readonly ContainerNetwork? _network;

    private ConsulCluster(IReadOnlyList<ConsulBackend> nodes, ContainerNetwork? network)
    {
        Nodes = nodes;
        _network = network;
    }

    /// <summary>All servers, running or not, always in the same order.</summary>
    public IReadOnlyList<ConsulBackend> Nodes { get; }

    /// <summary>Starts the servers; returns when every one of them serves.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    public static async Task<ConsulCluster> StartAsync(
        ConsulBackendOptions? options = null, int size = 3, CancellationToken cancellationToken = default)
    {
        ConsulAccess access = new(options ?? new());
        IReadOnlyList<ConsulNode> members = [.. Enumerable.Range(1, size).Select(number => ConsulNode.Create($"n{number}"))];
        bool inContainers = await BackendSelection.ResolveAsync(ServerKind.Consul, cancellationToken) is BackendMode.Container;
        ContainerNetwork? network = inContainers ? await ContainerNetwork.CreateAsync(cancellationToken) : null;

        List<Task<ConsulBackend>> starts =
            [.. members.Select(member => ConsulBackend.StartAsync(member, members, access, network, cancellationToken))];
        ConsulCluster? cluster = null;
        try
        {
            cluster = new(await Task.WhenAll(starts), network);
            await cluster.WaitUntilServingAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await DisposeStartedAsync(starts, network);
            throw;
        }
    }

    /// <summary>The leader that the majority follows; waits until there is one, for a minute at most.</summary>
    /// <param name="otherThan">A leader that was killed or paused: servers may still name it for a while.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<ConsulBackend> LeaderAsync(ConsulBackend? otherThan = null, CancellationToken cancellationToken = default)
    {
        ConsulBackend? leader = null;
        bool found = await Readiness.WaitAsync(
            async token =>
            {
                string?[] answers = await Task.WhenAll(Nodes.Select(node => AskForLeaderAsync(node, token)));
                var majority = answers.Where(answer => answer is { Length: > 0 }).GroupBy(answer => answer)
                    .FirstOrDefault(group => group.Count() > Nodes.Count / 2);

                // Server ports are unique within the cluster, addresses are not.
                leader = Nodes.FirstOrDefault(node => majority?.Key?.EndsWith($":{node.Node.ServerPort}", StringComparison.Ordinal) is true);
                return leader is not null && leader != otherThan;
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

    private static async Task<string?> AskForLeaderAsync(ConsulBackend node, CancellationToken cancellationToken)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(TimeSpan.FromMilliseconds(500));
        try
        {
            return await node.LeaderAddressAsync(patience.Token);
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }

    private static async Task DisposeStartedAsync(IEnumerable<Task<ConsulBackend>> starts, ContainerNetwork? network)
    {
        foreach (Task<ConsulBackend> start in starts)
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
        foreach (ConsulBackend node in Nodes)
        {
            bool serves = await Readiness.WaitAsync(
                token => node.ServesAsync(Nodes.Count, token), _ => Task.FromResult(false), cancellationToken);
            if (!serves)
            {
                throw new InvalidOperationException($"{node.NodeName} does not serve. Its log:\n{await node.LogsAsync()}");
            }
        }
    }
}
