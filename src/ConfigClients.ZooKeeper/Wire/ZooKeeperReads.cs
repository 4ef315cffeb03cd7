using System.Runtime.CompilerServices;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Reads keys, alone and below a prefix, over the store's own connection.</summary>
/// <remarks>
/// A session's keys are written over the session's connection, which may be at another server. Until this one has come as far, a sync goes before each read:
/// requests of one connection are answered in their order, so nothing waits for it.
/// </remarks>
internal sealed class ZooKeeperReads(ZooKeeperClient client, ZooKeeperKeys keys, ZooKeeperShards shards)
{
    /// <summary>Most nodes of one request.</summary>
    private const int MaxBatch = 500;

    private long _writtenElsewhere;

    /// <summary>Something was written over another connection: reads from now on see it.</summary>
    public void Require(long zxid)
    {
        long known;
        while ((known = Volatile.Read(ref _writtenElsewhere)) < zxid && Interlocked.CompareExchange(ref _writtenElsewhere, zxid, known) != known)
        {
        }
    }

    /// <summary>Numbers seen before mean nothing any more.</summary>
    public void Forget() => Volatile.Write(ref _writtenElsewhere, 0);

    /// <summary>Reads one key.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        string path = keys.Path(key);
        int epoch = shards.EpochOf(path);
        CatchUp();
        if (await client.GetDataAsync(path, cancellationToken).ConfigureAwait(false) is not { HasData: true } node)
        {
            return null;
        }

        if (node.Stat.NumChildren > 0)
        {
            return await GetParentAsync(key, path, cancellationToken).ConfigureAwait(false);
        }

        shards.Remember(path, new ZooKeeperFact(node.Stat.Mzxid, node.Stat.Version, epoch, IsLeaf: true));
        return ZooKeeperRow.Entry(key, node, null);
    }

    /// <summary>Reads nodes, all from one state of the tree if there are up to 500. Missing ones are null.</summary>
    public async ValueTask<ZooKeeperNode?[]> ReadAsync(IReadOnlyList<string> paths, CancellationToken cancellationToken)
    {
        IReadOnlyList<ZooKeeperReadResult> results = await ReadAsync([.. paths.Select(ZooKeeperRead.Data)], cancellationToken).ConfigureAwait(false);
        return [.. results.Select(static result => result.Node)];
    }

    /// <summary>Reads everything below a prefix. With up to 500 nodes it is one point in time.</summary>
    public async ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        string top = keys.Below(prefix);
        for (int attempt = 0; ; attempt++)
        {
            CatchUp();
            long revision = client.LastZxid;
            Dictionary<string, ZooKeeperNode> nodes = new(StringComparer.Ordinal);
            List<string> parents = [top];
            bool isWhole = await WalkAsync(top, nodes, parents, attempt < 3, cancellationToken).ConfigureAwait(false);
            if (isWhole || attempt >= 3)
            {
                List<ConfigEntry> entries = Entries(nodes);
                return new ConfigSnapshot(prefix, entries, entries.Aggregate(revision, static (newest, entry) => Math.Max(newest, entry.Revision.Number)));
            }
        }
    }

    /// <summary>Makes the entries of nodes, sorted.</summary>
    public List<ConfigEntry> Entries(Dictionary<string, ZooKeeperNode> nodes)
    {
        List<ConfigEntry> entries = new(nodes.Count);
        foreach ((string path, ZooKeeperNode node) in nodes)
        {
            if (node.HasData && keys.Key(path) is { } key)
            {
                ZooKeeperNode? marker = node.Stat.NumChildren > 0 && nodes.TryGetValue(ZooKeeperKeys.Marker(path), out ZooKeeperNode found) ? found : null;
                entries.Add(ZooKeeperRow.Entry(key, node, marker));
            }
        }

        entries.Sort(static (left, right) => ConfigKey.Compare(left.Key, right.Key));
        return entries;
    }

    private async ValueTask<ConfigEntry?> GetParentAsync(string key, string path, CancellationToken cancellationToken)
    {
        ZooKeeperNode?[] nodes = await ReadAsync([path, ZooKeeperKeys.Marker(path)], cancellationToken).ConfigureAwait(false);
        return nodes[0] is { HasData: true } node ? ZooKeeperRow.Entry(key, node, nodes[1]) : null;
    }

    /// <summary>Reads level by level. Returns whether what was read is one state of the tree.</summary>
    private async ValueTask<bool> WalkAsync(
        string top, Dictionary<string, ZooKeeperNode> nodes, List<string> parents, bool verify, CancellationToken cancellationToken)
    {
        Dictionary<string, IReadOnlyList<string>> children = new(StringComparer.Ordinal);
        List<string> level = [top];
        int rounds = 0;
        while (level.Count > 0)
        {
            IReadOnlyList<ZooKeeperReadResult> listed = await ReadAsync([.. level.Select(ZooKeeperRead.Children)], cancellationToken).ConfigureAwait(false);
            List<string> found = [];
            for (int i = 0; i < level.Count; i++)
            {
                IReadOnlyList<string> names = listed[i].Children ?? [];
                children[level[i]] = names;
                string head = level[i] == "/" ? "/" : level[i] + "/";
                found.AddRange(names.Where(name => (!ZooKeeperKeys.IsOwn(name) || name == ZooKeeperKeys.MarkerName) && !(level[i] == "/" && name == "zookeeper")).Select(name => head + name));
            }

            ZooKeeperNode?[] read = await ReadAsync(found, cancellationToken).ConfigureAwait(false);
            level = [];
            for (int i = 0; i < found.Count; i++)
            {
                if (read[i] is { } node)
                {
                    nodes[found[i]] = node;
                    if (node.Stat.NumChildren > 0)
                    {
                        level.Add(found[i]);
                    }
                }
            }

            rounds++;
        }

        return rounds > 0 && verify && nodes.Count + children.Count <= MaxBatch && await VerifyAsync(nodes, children, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads all of it again in one request: the values from that one state, if the tree still has the same shape.</summary>
    private async ValueTask<bool> VerifyAsync(
        Dictionary<string, ZooKeeperNode> nodes, Dictionary<string, IReadOnlyList<string>> children, CancellationToken cancellationToken)
    {
        string[] paths = [.. nodes.Keys];
        string[] parents = [.. children.Keys];
        IReadOnlyList<ZooKeeperReadResult> all = await ReadAsync(
            [.. parents.Select(ZooKeeperRead.Children), .. paths.Select(ZooKeeperRead.Data)], cancellationToken).ConfigureAwait(false);
        for (int i = 0; i < parents.Length; i++)
        {
            if (!new HashSet<string>(all[i].Children ?? [], StringComparer.Ordinal).SetEquals(children[parents[i]]))
            {
                return false;
            }
        }

        for (int i = 0; i < paths.Length; i++)
        {
            if (all[parents.Length + i].Node is not { } node || (node.Stat.NumChildren > 0) != children.ContainsKey(paths[i]))
            {
                return false;
            }

            nodes[paths[i]] = node;
        }

        return true;
    }

    private async ValueTask<IReadOnlyList<ZooKeeperReadResult>> ReadAsync(IReadOnlyList<ZooKeeperRead> reads, CancellationToken cancellationToken)
    {
        if (reads.Count == 0)
        {
            return [];
        }

        CatchUp();
        if (reads.Count <= MaxBatch)
        {
            return Check(await ReadBatchAsync(reads, cancellationToken).ConfigureAwait(false), reads);
        }

        List<ZooKeeperReadResult> results = new(reads.Count);
        Queue<Task<IReadOnlyList<ZooKeeperReadResult>>> underWay = new();
        foreach (ZooKeeperRead[] batch in reads.Chunk(MaxBatch))
        {
            underWay.Enqueue(ReadBatchAsync(batch, cancellationToken).AsTask());
            if (underWay.Count == 4)
            {
                results.AddRange(await underWay.Dequeue().ConfigureAwait(false));
            }
        }

        while (underWay.TryDequeue(out Task<IReadOnlyList<ZooKeeperReadResult>>? next))
        {
            results.AddRange(await next.ConfigureAwait(false));
        }

        return Check(results, reads);
    }

    private async ValueTask<IReadOnlyList<ZooKeeperReadResult>> ReadBatchAsync(IReadOnlyList<ZooKeeperRead> reads, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ReadManyAsync(reads, cancellationToken).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error is ZooKeeperError.ResponseTooLarge or ZooKeeperError.RequestTooLarge && reads.Count > 1)
        {
            int half = reads.Count / 2;
            return
            [
                .. await ReadBatchAsync([.. reads.Take(half)], cancellationToken).ConfigureAwait(false),
                .. await ReadBatchAsync([.. reads.Skip(half)], cancellationToken).ConfigureAwait(false),
            ];
        }
    }

    // A node that is not there is an answer; one that may not be read must not pass for one that is not there.
    private static IReadOnlyList<ZooKeeperReadResult> Check(IReadOnlyList<ZooKeeperReadResult> results, IReadOnlyList<ZooKeeperRead> reads)
    {
        for (int i = 0; i < results.Count; i++)
        {
            if (results[i].Error is not (ZooKeeperError.None or ZooKeeperError.NoNode))
            {
                throw new ZooKeeperException(results[i].Error, $"\"{reads[i].Path}\" could not be read ({results[i].Error}).") { Path = reads[i].Path };
            }
        }

        return results;
    }

    private void CatchUp()
    {
        if (client.LastZxid < Volatile.Read(ref _writtenElsewhere))
        {
            _ = SyncAsync();
        }

        async Task SyncAsync()
        {
            try
            {
                await client.SyncAsync().ConfigureAwait(false);
            }
            catch (ZooKeeperException)
            {
                // The read behind it fails, too, and is tried again.
            }
        }
    }
}
