namespace ConfigClients.ZooKeeper;

/// <summary>What a create made.</summary>
/// <param name="Path">The path, with the number that the server appended to a sequential one.</param>
/// <param name="Stat">What the server knows about the new node.</param>
public readonly record struct ZooKeeperCreated(string Path, ZooKeeperStat Stat);
