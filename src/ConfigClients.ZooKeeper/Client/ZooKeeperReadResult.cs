namespace ConfigClients.ZooKeeper;

/// <summary>The answer to one of several reads.</summary>
/// <param name="Error">Why it failed, such as <see cref="ZooKeeperError.NoNode"/>; the other reads do not suffer from it.</param>
/// <param name="Node">Data and stat, if they were asked for.</param>
/// <param name="Children">Names of children, if they were asked for; in no order.</param>
public readonly record struct ZooKeeperReadResult(ZooKeeperError Error, ZooKeeperNode? Node, IReadOnlyList<string>? Children);
