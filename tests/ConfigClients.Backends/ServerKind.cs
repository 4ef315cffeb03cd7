namespace ConfigClients.Backends;

/// <summary>The products a backend can run.</summary>
public enum ServerKind
{
    /// <summary>HashiCorp Consul.</summary>
    Consul,

    /// <summary>etcd.</summary>
    Etcd,

    /// <summary>An etcd newer than the one that is used by default, where there is one.</summary>
    EtcdNext,

    /// <summary>Apache ZooKeeper.</summary>
    ZooKeeper,
}
