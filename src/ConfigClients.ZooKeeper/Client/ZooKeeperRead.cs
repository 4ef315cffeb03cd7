namespace ConfigClients.ZooKeeper;

/// <summary>One of several reads that go together.</summary>
/// <param name="Kind">What to read.</param>
/// <param name="Path">Of which node.</param>
public readonly record struct ZooKeeperRead(ZooKeeperReadKind Kind, string Path)
{
    /// <summary>Reads data and stat.</summary>
    /// <param name="path">The node.</param>
    /// <returns>The read.</returns>
    public static ZooKeeperRead Data(string path) => new(ZooKeeperReadKind.Data, path);

    /// <summary>Reads the names of children.</summary>
    /// <param name="path">The node.</param>
    /// <returns>The read.</returns>
    public static ZooKeeperRead Children(string path) => new(ZooKeeperReadKind.Children, path);
}
