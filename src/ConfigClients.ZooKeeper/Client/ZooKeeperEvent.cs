namespace ConfigClients.ZooKeeper;

/// <summary>Something happened to what a subscription covers. It carries no data: read the node, and you read this state or a newer one.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Path">The node it happened to; for <see cref="ZooKeeperEventKind.Disconnected"/> and <see cref="ZooKeeperEventKind.Resync"/> the path of the subscription.</param>
/// <param name="Reason">Why, for <see cref="ZooKeeperEventKind.Resync"/>.</param>
public readonly record struct ZooKeeperEvent(ZooKeeperEventKind Kind, string Path, ZooKeeperResyncReason Reason = ZooKeeperResyncReason.None);
