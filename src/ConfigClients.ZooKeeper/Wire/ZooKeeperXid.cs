namespace ConfigClients.ZooKeeper.Wire;

/// <summary>The numbers of requests that have a meaning of their own. Ordinary requests count from 1.</summary>
internal static class ZooKeeperXid
{
    public const int Notification = -1;
    public const int Ping = -2;
    public const int Auth = -4;
    public const int SetWatches = -8;

    /// <summary>The number after another; wraps to 1, never 0 or negative.</summary>
    public static int Next(int xid) => xid == int.MaxValue ? 1 : xid + 1;
}
