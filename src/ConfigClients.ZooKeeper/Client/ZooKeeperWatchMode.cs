namespace ConfigClients.ZooKeeper;

/// <summary>What a subscription covers. Both go on until they are disposed of; watches that fire once are not offered.</summary>
public enum ZooKeeperWatchMode
{
    /// <summary>The node itself, and the coming and going of its children.</summary>
    Node = 0,

    /// <summary>The node and everything below it, each event with the path of the node that changed.</summary>
    Recursive = 1,
}
