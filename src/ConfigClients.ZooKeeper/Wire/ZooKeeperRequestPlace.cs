namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Where a request is. Changes under the outbox's gate.</summary>
internal enum ZooKeeperRequestPlace
{
    /// <summary>In no queue: not submitted yet, or done with.</summary>
    None,

    /// <summary>Waits to be sent. The server does not know of it.</summary>
    Waiting,

    /// <summary>Sent, perhaps as part of a batch; the answer is awaited.</summary>
    InFlight,
}
