using ConfigClients.Backends.Containers;
using ConfigClients.Backends.Relays;

namespace ConfigClients.Backends.ZooKeeper;

/// <summary>ZooKeeper servers that elect a leader among themselves; each can be paused, killed, restarted and cut off alone.</summary>
public sealed class ZooKeeperCluster : ServerCluster<ZooKeeperBackend>
{
    private ZooKeeperCluster(IReadOnlyList<ZooKeeperBackend> nodes, ContainerNetwork? network, PeerRelays? relays)
        : base(nodes, network, relays)
    {
        if (relays is not null)
        {
            relays.FindOwner = (port, relayPort) => nodes.FirstOrDefault(node => node.HasOpened(port, relayPort))?.Node.KnownQuorumPort;
        }
    }

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

        return await GatherAsync(
            [.. members.Select(member => ZooKeeperBackend.StartAsync(member, members, options, network, cancellationToken))],
            network,
            relays,
            nodes => new ZooKeeperCluster(nodes, network, relays),
            cancellationToken);
    }

    /// <summary>Cuts a server off from all others, in both directions: it can neither follow nor be followed. Clients still reach it.</summary>
    /// <exception cref="InvalidOperationException">The cluster was started without <see cref="ZooKeeperBackendOptions.RelayPeers"/>.</exception>
    public void CutPeers(ZooKeeperBackend node)
    {
        Relays.Cut(node.Node.KnownQuorumPort);
        Relays.Cut(node.Node.KnownElectionPort);
    }

    /// <summary>Ends <see cref="CutPeers"/> for this server.</summary>
    public void HealPeers(ZooKeeperBackend node)
    {
        Relays.Heal(node.Node.KnownQuorumPort);
        Relays.Heal(node.Node.KnownElectionPort);
    }

    private protected override Task<bool> IsServingAsync(ZooKeeperBackend node, CancellationToken cancellationToken) => node.IsServingAsync(cancellationToken);

    private protected override Task<ZooKeeperBackend?> FindLeaderAsync(ZooKeeperBackend? otherThan, CancellationToken cancellationToken) =>
        FindLeaderAsync(otherThan, node => node.IsLeadingAsync(cancellationToken));
}
