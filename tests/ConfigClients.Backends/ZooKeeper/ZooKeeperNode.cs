namespace ConfigClients.Backends.ZooKeeper;

/// <summary>Number and ports of one server; fixed for its life, because its peers and its clients remember them.</summary>
/// <param name="Number">Its number in the cluster.</param>
/// <param name="ClientPort">Where clients connect.</param>
/// <param name="QuorumPort">Where it listens to those that follow it.</param>
/// <param name="ElectionPort">Where it listens to votes.</param>
/// <param name="KnownQuorumPort">Where its followers connect: the same, or a relay to it.</param>
/// <param name="KnownElectionPort">Where votes are sent: the same, or a relay to it.</param>
internal sealed record ZooKeeperNode(int Number, int ClientPort, int QuorumPort, int ElectionPort, int KnownQuorumPort, int KnownElectionPort)
{
    public string Name => $"n{Number}";

    public static ZooKeeperNode Create(int number, bool relayed = false)
    {
        int quorumPort = FreePort.Next();
        int electionPort = FreePort.Next();
        return new(number, FreePort.Next(), quorumPort, electionPort, relayed ? FreePort.Next() : quorumPort, relayed ? FreePort.Next() : electionPort);
    }
}
