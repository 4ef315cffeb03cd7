namespace ConfigClients.Backends;

/// <summary>What servers are called outside this library.</summary>
internal static class ServerKinds
{
    /// <summary>The name in scripts and images, for instance <c>etcd-next</c>.</summary>
    public static string Word(this ServerKind kind) => kind switch
    {
        ServerKind.Consul => "consul",
        ServerKind.Etcd => "etcd",
        ServerKind.EtcdNext => "etcd-next",
        ServerKind.ZooKeeper => "zookeeper",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such server."),
    };

    /// <summary>The beginning of its environment variables, for instance <c>ETCD_NEXT</c>.</summary>
    public static string Variable(this ServerKind kind) => kind.Word().ToUpperInvariant().Replace('-', '_');
}
