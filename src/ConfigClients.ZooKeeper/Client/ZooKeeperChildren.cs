namespace ConfigClients.ZooKeeper;

/// <summary>The children of a node.</summary>
/// <param name="Names">Their names, without the path of the parent, in no order.</param>
/// <param name="Stat">What the server knows about the parent.</param>
public sealed record ZooKeeperChildren(IReadOnlyList<string> Names, ZooKeeperStat Stat);
