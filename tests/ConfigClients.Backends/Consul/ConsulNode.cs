namespace ConfigClients.Backends.Consul;

/// <summary>Names and ports of one server; fixed for its life, because its peers and its clients remember them.</summary>
internal sealed record ConsulNode(string Name, int HttpPort, int ServerPort, int SerfPort)
{
    public static ConsulNode Create(string name) => new(name, FreePort.Next(), FreePort.Next(), FreePort.Next());
}
