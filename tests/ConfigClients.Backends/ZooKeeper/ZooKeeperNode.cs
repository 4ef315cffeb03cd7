namespace ConfigClients.Backends.ZooKeeper;

/// <summary>Number and ports of one server; fixed for its life, because its peers and its clients remember them.</summary>
internal sealed record ZooKeeperNode(int Number, int ClientPort, int QuorumPort, int ElectionPort)
{
    public string Name => $"n{Number}";

    public static ZooKeeperNode Create(int number) => new(number, FreePort.Next(), FreePort.Next(), FreePort.Next());
}
