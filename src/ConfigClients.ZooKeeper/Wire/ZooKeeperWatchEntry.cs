namespace ConfigClients.ZooKeeper.Wire;

/// <summary>All subscriptions of one path, and the one watch at the server that serves them. Changes under the gate of <see cref="ZooKeeperWatches"/>.</summary>
internal sealed class ZooKeeperWatchEntry(string path)
{
    private volatile ZooKeeperSubscription[] _subscriptions = [];
    private volatile bool _isRecursive;

    /// <summary>The path.</summary>
    public string Path { get; } = path;

    /// <summary>The subscriptions; the array never changes.</summary>
    public ZooKeeperSubscription[] Subscriptions => _subscriptions;

    /// <summary>What the server watches for us, and must watch again after a reconnect; null for nothing yet.</summary>
    public ZooKeeperWatchMode? Armed { get; private set; }

    /// <summary>Whether the server sends events of descendants; then it need not tell of children apart.</summary>
    public bool IsRecursive => _isRecursive;

    /// <summary>What the server must watch: older ones keep one mode for a path, so the wider one has to serve both.</summary>
    public ZooKeeperWatchMode Wanted => Array.Exists(_subscriptions, static subscription => subscription.Mode == ZooKeeperWatchMode.Recursive) || IsRecursive
        ? ZooKeeperWatchMode.Recursive
        : ZooKeeperWatchMode.Node;

    public void Add(ZooKeeperSubscription subscription) => _subscriptions = [.. _subscriptions, subscription];

    /// <returns>Whether it was there.</returns>
    public bool Remove(ZooKeeperSubscription subscription)
    {
        int before = _subscriptions.Length;
        _subscriptions = [.. _subscriptions.Where(other => other != subscription)];
        return _subscriptions.Length < before;
    }

    /// <summary>The server confirmed a watch.</summary>
    public void Arm(ZooKeeperWatchMode mode)
    {
        _isRecursive |= mode == ZooKeeperWatchMode.Recursive;
        Armed = _isRecursive ? ZooKeeperWatchMode.Recursive : ZooKeeperWatchMode.Node;
    }
}
