namespace ConfigClients.ZooKeeper;

/// <summary>What the server knows about a node besides its data. The names are ZooKeeper's own.</summary>
/// <param name="Czxid">The transaction that created the node. Rises in creation order over the whole ensemble and is never reused.</param>
/// <param name="Mzxid">The transaction that last set the data.</param>
/// <param name="Ctime">When it was created, in milliseconds since 1970, by the server's clock.</param>
/// <param name="Mtime">When the data was last set, in milliseconds since 1970, by the server's clock.</param>
/// <param name="Version">How often the data was set. Starts again at 0 when the node is deleted and created anew; compare <paramref name="Czxid"/>, too.</param>
/// <param name="Cversion">How often children were created or deleted.</param>
/// <param name="Aversion">How often the ACL was set.</param>
/// <param name="EphemeralOwner">The session that an ephemeral node lives with; 0 for every other node.</param>
/// <param name="DataLength">The length of the data in bytes.</param>
/// <param name="NumChildren">How many children it has.</param>
/// <param name="Pzxid">The transaction that last created or deleted a child.</param>
public readonly record struct ZooKeeperStat(
    long Czxid,
    long Mzxid,
    long Ctime,
    long Mtime,
    int Version,
    int Cversion,
    int Aversion,
    long EphemeralOwner,
    int DataLength,
    int NumChildren,
    long Pzxid);
