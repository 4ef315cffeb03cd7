namespace ConfigClients.ZooKeeper;

/// <summary>What a create may say besides path, data and mode.</summary>
public sealed class ZooKeeperCreateOptions
{
    /// <summary>Who may do what with the node. Not empty; default: <see cref="ZooKeeperAcl.Open"/>.</summary>
    public IReadOnlyList<ZooKeeperAcl> Acl { get; init; } = ZooKeeperAcl.Open;

    /// <summary>For the two modes with a time to live: 1 ms to about 34 years. Checked by the leader, by default once a minute. Default: none.</summary>
    public TimeSpan? TimeToLive { get; init; }

    /// <summary>
    /// The session the node must be created under. If that one is over, nothing is sent and the call fails with
    /// <see cref="ZooKeeperError.SessionExpired"/>. Default for an ephemeral node: the session at the time of the call, or the next if that is over; else: any.
    /// </summary>
    public ZooKeeperClientSession? Session { get; init; }
}
