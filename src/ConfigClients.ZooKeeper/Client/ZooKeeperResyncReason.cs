namespace ConfigClients.ZooKeeper;

/// <summary>Why events were missed.</summary>
public enum ZooKeeperResyncReason
{
    /// <summary>They were not.</summary>
    None,

    /// <summary>The connection was lost for a while; ZooKeeper replays nothing for watches that go on.</summary>
    Reconnected,

    /// <summary>The session ended and a new one began: the ephemeral nodes of the old one are gone, or going.</summary>
    NewSession,

    /// <summary>The ensemble's history went back: it was wiped or restored. Numbers seen before mean nothing any more.</summary>
    StoreReset,

    /// <summary>The consumer was too slow, and the queue of events was dropped.</summary>
    Overflow,
}
