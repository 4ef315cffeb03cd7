namespace ConfigClients.ZooKeeper;

/// <summary>How long a node lives, and whether the server completes its name.</summary>
public enum ZooKeeperCreateMode
{
    /// <summary>Until it is deleted.</summary>
    Persistent = 0,

    /// <summary>Until the session that created it ends. Cannot have children.</summary>
    Ephemeral = 1,

    /// <summary>Until it is deleted. The server appends ten digits that rise below one parent.</summary>
    PersistentSequential = 2,

    /// <summary>Until the session that created it ends. The server appends ten digits that rise below one parent.</summary>
    EphemeralSequential = 3,

    /// <summary>Until some time after its last child was deleted.</summary>
    Container = 4,

    /// <summary>
    /// Until it had no child and no change for <see cref="ZooKeeperCreateOptions.TimeToLive"/>. Servers take this only with
    /// <c>extendedTypesEnabled</c>; others answer <see cref="ZooKeeperError.Unimplemented"/>.
    /// </summary>
    PersistentWithTimeToLive = 5,

    /// <summary>As <see cref="PersistentWithTimeToLive"/>, and the server appends ten digits.</summary>
    PersistentSequentialWithTimeToLive = 6,
}
