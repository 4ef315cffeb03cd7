namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What a node was like at some time.</summary>
/// <param name="Mzxid">The transaction that made its version.</param>
/// <param name="Version">Its version.</param>
/// <param name="Epoch">Its shard's epoch, not from later than that; -1 if not known.</param>
/// <param name="IsLeaf">Whether it held a value and had no children.</param>
/// <param name="Owner">The session it lives with; 0 for none, or if not known.</param>
internal readonly record struct ZooKeeperFact(long Mzxid, int Version, int Epoch, bool IsLeaf, long Owner = 0)
{
    /// <summary>When it was remembered.</summary>
    public long SeenAt { get; init; }

    /// <summary>Of which path.</summary>
    public ulong PathHash { get; init; }
}
