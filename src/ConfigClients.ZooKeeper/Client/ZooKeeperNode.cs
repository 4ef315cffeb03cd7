namespace ConfigClients.ZooKeeper;

/// <summary>A node's data and what the server knows about it.</summary>
/// <param name="Data">The data; empty if there is none. Never changes after it was read.</param>
/// <param name="HasData">False if null was stored, which ZooKeeper tells from zero bytes.</param>
/// <param name="Stat">What the server knows about the node.</param>
public readonly record struct ZooKeeperNode(ReadOnlyMemory<byte> Data, bool HasData, ZooKeeperStat Stat);
