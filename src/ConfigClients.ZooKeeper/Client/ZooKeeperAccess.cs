namespace ConfigClients.ZooKeeper;

/// <summary>Who may do what with a node.</summary>
/// <param name="Acl">The list. Without <see cref="ZooKeeperPermissions.Admin"/> the server masks digests.</param>
/// <param name="Stat">What the server knows about the node; <see cref="ZooKeeperStat.Aversion"/> is the version of the list.</param>
public sealed record ZooKeeperAccess(IReadOnlyList<ZooKeeperAcl> Acl, ZooKeeperStat Stat);
