namespace ConfigClients.Backends.Etcd;

/// <summary>Names and ports of one server; fixed for its life, because its peers and its clients remember them.</summary>
/// <param name="Name">How the others call it.</param>
/// <param name="ClientPort">Where clients connect.</param>
/// <param name="PeerPort">Where it listens to its peers.</param>
/// <param name="KnownPeerPort">Where its peers connect: the same, or a relay to it.</param>
/// <param name="MetricsPort">Where it tells its state: without TLS, without users, and also without a leader.</param>
internal sealed record EtcdNode(string Name, int ClientPort, int PeerPort, int KnownPeerPort, int MetricsPort)
{
    public static EtcdNode Create(string name, bool relayed = false)
    {
        int peerPort = FreePort.Next();
        return new(name, FreePort.Next(), peerPort, relayed ? FreePort.Next() : peerPort, FreePort.Next());
    }
}
