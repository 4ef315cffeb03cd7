namespace ConfigClients.ZooKeeper;

/// <summary>What to read of a node.</summary>
public enum ZooKeeperReadKind
{
    /// <summary>Data and stat.</summary>
    Data,

    /// <summary>Names of children.</summary>
    Children,
}
