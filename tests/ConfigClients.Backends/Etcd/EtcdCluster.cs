using ConfigClients.Backends.Containers;
using ConfigClients.Backends.Relays;

namespace ConfigClients.Backends.Etcd;

/// <summary>etcd servers that elect a leader among themselves; each can be paused, killed, restarted and cut off alone.</summary>
public sealed class EtcdCluster : ServerCluster<EtcdBackend>
{
    private EtcdCluster(IReadOnlyList<EtcdBackend> nodes, ContainerNetwork? network, PeerRelays? relays)
        : base(nodes, network, relays)
    {
        if (relays is not null)
        {
            relays.FindOwner = (port, relayPort) => nodes.FirstOrDefault(node => node.HasOpened(port, relayPort))?.Node.KnownPeerPort;
        }
    }

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

        return await GatherAsync(
            [.. members.Select(member => EtcdBackend.StartAsync(member, members, access, network, cancellationToken))],
            network,
            relays,
            nodes => new EtcdCluster(nodes, network, relays),
            cancellationToken);
    }

    /// <summary>Cuts a server off from all others: connections between them end, new ones are refused, in both directions. Clients still reach it.</summary>
    /// <exception cref="InvalidOperationException">The cluster was started without <see cref="EtcdBackendOptions.RelayPeers"/>.</exception>
    public void CutPeers(EtcdBackend node) => Relays.Cut(node.Node.KnownPeerPort);

    /// <summary>Ends <see cref="CutPeers"/> for this server.</summary>
    public void HealPeers(EtcdBackend node) => Relays.Heal(node.Node.KnownPeerPort);

    private protected override Task<bool> IsServingAsync(EtcdBackend node, CancellationToken cancellationToken) => node.IsServingAsync(cancellationToken);

    private protected override Task<EtcdBackend?> FindLeaderAsync(EtcdBackend? otherThan, CancellationToken cancellationToken) =>
        FindLeaderAsync(otherThan, node => node.IsLeadingAsync(cancellationToken));

    private protected override async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await base.PrepareAsync(cancellationToken);
        await Nodes[0].EnableAuthAsync(cancellationToken);
    }
}
