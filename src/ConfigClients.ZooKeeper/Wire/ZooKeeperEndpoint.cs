using System.Net;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>One address of a server.</summary>
/// <param name="Server">The server as it was named.</param>
/// <param name="Address">Where it is.</param>
internal sealed record ZooKeeperEndpoint(ZooKeeperServer Server, IPAddress Address)
{
    public override string ToString() => Server.Host == Address.ToString() ? Server.ToString() : $"{Server} ({Address})";
}
