namespace ConfigClients.ZooKeeper;

/// <summary>What a subscription was told.</summary>
public enum ZooKeeperEventKind
{
    /// <summary>The node was created.</summary>
    Created = 1,

    /// <summary>The node was deleted.</summary>
    Deleted = 2,

    /// <summary>The node's data was set.</summary>
    DataChanged = 3,

    /// <summary>A child was created or deleted. Only for <see cref="ZooKeeperWatchMode.Node"/>.</summary>
    ChildrenChanged = 4,

    /// <summary>The connection is lost: from here on changes may go unseen until <see cref="Resync"/>.</summary>
    Disconnected = 100,

    /// <summary>Events were missed: read again everything that is covered. See <see cref="ZooKeeperEvent.Reason"/>.</summary>
    Resync = 101,
}
