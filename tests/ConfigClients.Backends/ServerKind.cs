namespace ConfigClients.Backends;

/// <summary>The products a backend can run.</summary>
public enum ServerKind
{
    /// <summary>HashiCorp Consul.</summary>
    Consul,

    /// <summary>etcd.</summary>
    Etcd,

    /// <summary>Apache ZooKeeper.</summary>
    ZooKeeper,
}
