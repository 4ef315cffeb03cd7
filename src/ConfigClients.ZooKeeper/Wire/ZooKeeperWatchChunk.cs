namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Watches that are armed again by one request.</summary>
/// <param name="Nodes">Paths watched alone.</param>
/// <param name="Recursive">Paths watched with all below them.</param>
internal sealed record ZooKeeperWatchChunk(IReadOnlyList<string> Nodes, IReadOnlyList<string> Recursive)
{
    /// <summary>A request stays below this, far from what a server refuses without a word.</summary>
    public const int MaxBytes = 128 * 1024;

    // Length, transaction number, five counts, header.
    private const int FixedBytes = 4 + 8 + 8 + (5 * 4);

    /// <summary>Splits watches into requests. A path too long for one gets a request of its own.</summary>
    /// <param name="watches">Path and mode of each.</param>
    /// <param name="chroot">What the server's paths begin with.</param>
    public static IEnumerable<ZooKeeperWatchChunk> Split(IEnumerable<(string Path, ZooKeeperWatchMode Mode)> watches, string chroot)
    {
        List<string> nodes = [];
        List<string> recursive = [];
        int bytes = FixedBytes;
        foreach ((string path, ZooKeeperWatchMode mode) in watches)
        {
            int more = 4 + System.Text.Encoding.UTF8.GetByteCount(chroot) + System.Text.Encoding.UTF8.GetByteCount(path);
            if (bytes + more > MaxBytes && nodes.Count + recursive.Count > 0)
            {
                yield return new ZooKeeperWatchChunk(nodes, recursive);
                nodes = [];
                recursive = [];
                bytes = FixedBytes;
            }

            bytes += more;
            (mode == ZooKeeperWatchMode.Recursive ? recursive : nodes).Add(path);
        }

        if (nodes.Count + recursive.Count > 0)
        {
            yield return new ZooKeeperWatchChunk(nodes, recursive);
        }
    }
}
