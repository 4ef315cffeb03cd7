namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What a connection works with and does not own.</summary>
/// <param name="Outbox">Where callers' requests wait.</param>
/// <param name="Watches">Takes events.</param>
/// <param name="Batching">Learns from answers.</param>
/// <param name="Progress">Learns how far the ensemble is.</param>
/// <param name="Session">The session the connection serves.</param>
/// <param name="Time">The clock.</param>
/// <param name="Chroot">What the server's paths begin with.</param>
/// <param name="MaxResponseBytes">The longest answer that is taken.</param>
internal sealed record ZooKeeperConnectionParts(
    ZooKeeperOutbox Outbox,
    ZooKeeperWatches Watches,
    ZooKeeperReadBatching Batching,
    ZooKeeperProgress Progress,
    ZooKeeperClientSession Session,
    TimeProvider Time,
    string Chroot,
    int MaxResponseBytes);
