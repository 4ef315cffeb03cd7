using ConfigClients.Backends.Containers;

namespace ConfigClients.Backends.Consul;

/// <summary>Consul servers that elect a leader among themselves; each can be paused, killed and restarted alone.</summary>
public sealed class ConsulCluster : ServerCluster<ConsulBackend>
{
    private ConsulCluster(IReadOnlyList<ConsulBackend> nodes, ContainerNetwork? network)
        : base(nodes, network)
    {
    }

    /// <summary>Starts the servers; returns when every one of them serves.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    public static async Task<ConsulCluster> StartAsync(
        ConsulBackendOptions? options = null, int size = 3, CancellationToken cancellationToken = default)
    {
        ConsulAccess access = new(options ?? new());
        IReadOnlyList<ConsulNode> members = [.. Enumerable.Range(1, size).Select(number => ConsulNode.Create($"n{number}"))];
        bool inContainers = await BackendSelection.ResolveAsync(ServerKind.Consul, cancellationToken) is BackendMode.Container;
        ContainerNetwork? network = inContainers ? await ContainerNetwork.CreateAsync(cancellationToken) : null;

        return await GatherAsync(
            [.. members.Select(member => ConsulBackend.StartAsync(member, members, access, network, cancellationToken))],
            network,
            relays: null,
            nodes => new ConsulCluster(nodes, network),
            cancellationToken);
    }

    private protected override Task<bool> IsServingAsync(ConsulBackend node, CancellationToken cancellationToken) => node.ServesAsync(Nodes.Count, cancellationToken);

    private protected override async Task<ConsulBackend?> FindLeaderAsync(ConsulBackend? otherThan, CancellationToken cancellationToken)
    {
        string?[] answers = await Task.WhenAll(Nodes.Select(node => AskForLeaderAsync(node, cancellationToken)));
        var majority = answers.Where(answer => answer is { Length: > 0 }).GroupBy(answer => answer)
            .FirstOrDefault(group => group.Count() > Nodes.Count / 2);

        // Server ports are unique within the cluster, addresses are not.
        ConsulBackend? leader = Nodes.FirstOrDefault(node => majority?.Key?.EndsWith($":{node.Node.ServerPort}", StringComparison.Ordinal) is true);
        return leader == otherThan ? null : leader;
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
}
