using ConfigClients.Backends.Containers;
using ConfigClients.Backends.Relays;

namespace ConfigClients.Backends;

/// <summary>Servers that elect a leader among themselves: they start together or not at all, and end together with what connects them.</summary>
/// <typeparam name="TServer">The kind of server.</typeparam>
public abstract class ServerCluster<TServer> : IAsyncDisposable
    where TServer : class, IBackend
{
    private readonly ContainerNetwork? _network;
    private readonly PeerRelays? _relays;

    private protected ServerCluster(IReadOnlyList<TServer> nodes, ContainerNetwork? network, PeerRelays? relays = null)
    {
        Nodes = nodes;
        _network = network;
        _relays = relays;
    }

    /// <summary>All servers, running or not, always in the same order.</summary>
    public IReadOnlyList<TServer> Nodes { get; }

    private protected PeerRelays Relays =>
        _relays ?? throw new InvalidOperationException("Start the cluster with RelayPeers to cut its peers off.");

    /// <summary>The leader that the majority follows; waits until there is one, for a minute at most.</summary>
    /// <param name="otherThan">A leader that was killed, paused or cut off: it, or others, may take it for the leader for a while.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    public async Task<TServer> LeaderAsync(TServer? otherThan = null, CancellationToken cancellationToken = default)
    {
        TServer? leader = null;
        bool found = await Readiness.WaitAsync(
            async token => (leader = await FindLeaderAsync(otherThan, token)) is not null,
            _ => Task.FromResult(false),
            cancellationToken);
        return found && leader is not null ? leader : throw new TimeoutException("No leader was elected.");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Nodes.Select(static node => node.DisposeAsync().AsTask()));
        await DisposeAsync(_network, _relays);
        GC.SuppressFinalize(this);
    }

    /// <summary>Waits until all have started and serve. If one does not, ends all of them and the network.</summary>
    private protected static async Task<TCluster> GatherAsync<TCluster>(
        IReadOnlyList<Task<TServer>> starts, ContainerNetwork? network, PeerRelays? relays, Func<IReadOnlyList<TServer>, TCluster> gather, CancellationToken cancellationToken)
        where TCluster : ServerCluster<TServer>
    {
        try
        {
            TCluster cluster = gather(await Task.WhenAll(starts));
            await cluster.PrepareAsync(cancellationToken);
            return cluster;
        }
        catch
        {
            await DisposeStartedAsync(starts);
            await DisposeAsync(network, relays);
            throw;
        }
    }

    /// <summary>Whether this server serves as a member.</summary>
    private protected abstract Task<bool> IsServingAsync(TServer node, CancellationToken cancellationToken);

    /// <summary>The leader as the servers see it now, if that is not the one given.</summary>
    private protected abstract Task<TServer?> FindLeaderAsync(TServer? otherThan, CancellationToken cancellationToken);

    /// <summary>What has to be so before a test gets the cluster: every server serves.</summary>
    private protected virtual async Task PrepareAsync(CancellationToken cancellationToken)
    {
        for (int i = 0; i < Nodes.Count; i++)
        {
            TServer node = Nodes[i];
            if (!await Readiness.WaitAsync(token => IsServingAsync(node, token), _ => Task.FromResult(false), cancellationToken))
            {
                throw new InvalidOperationException($"Server {i + 1} of {Nodes.Count} does not serve. Its log:\n{await node.LogsAsync()}");
            }
        }
    }

    /// <summary>The first that says so of itself.</summary>
    private protected async Task<TServer?> FindLeaderAsync(TServer? otherThan, Func<TServer, Task<bool>> isLeadingAsync)
    {
        bool[] answers = await Task.WhenAll(Nodes.Select(isLeadingAsync));
        return Nodes.Zip(answers).FirstOrDefault(pair => pair.Second && pair.First != otherThan).First;
    }

    private static async Task DisposeStartedAsync(IEnumerable<Task<TServer>> starts)
    {
        foreach (Task<TServer> start in starts)
        {
            await ((Task)start).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (start.IsCompletedSuccessfully)
            {
                await (await start).DisposeAsync();
            }
        }
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
}
