namespace ConfigClients.ZooKeeper;

/// <summary>What became of one operation of a <see cref="ZooKeeperMulti"/>.</summary>
/// <param name="Error">
/// In a multi that was refused: <see cref="ZooKeeperError.None"/> before the operation that failed, its error, and
/// <see cref="ZooKeeperError.RuntimeInconsistency"/> behind it.
/// </param>
/// <param name="Path">The path of a node that was created.</param>
/// <param name="Stat">
/// Of a node that was created or set. Some servers (3.8.0) send none for a create: the node then has version 0, and the multi's
/// <see cref="ZooKeeperMultiResult.Zxid"/> as czxid and mzxid.
/// </param>
public readonly record struct ZooKeeperOpResult(ZooKeeperError Error, string? Path, ZooKeeperStat? Stat);
