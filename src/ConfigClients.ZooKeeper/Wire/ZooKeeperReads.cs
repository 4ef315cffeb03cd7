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

    private const int MaxAttempts = 4;

    private readonly ZooKeeperWalk _walk = new(client, keys);
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

    /// <summary>Reads keys, all from one state of the tree if there are up to 250. Missing ones are null.</summary>
    public async ValueTask<ConfigEntry?[]> GetAsync(IReadOnlyList<string> names, CancellationToken cancellationToken)
    {
        if (names.Count == 1)
        {
            return [await GetAsync(names[0], cancellationToken).ConfigureAwait(false)];
        }

        string[] paths = [.. names.Select(keys.Path)];
        ZooKeeperNode?[] nodes = await ReadAsync(paths, cancellationToken).ConfigureAwait(false);
        if (!Array.Exists(nodes, static node => node is { HasData: true, Stat.NumChildren: > 0 }))
        {
            return [.. names.Zip(nodes, static (key, node) => Entry(key, node, null))];
        }

        // A marker is a child, so there may be some here.
        nodes = await ReadAsync([.. paths, .. paths.Select(ZooKeeperKeys.Marker)], cancellationToken).ConfigureAwait(false);
        return [.. names.Select((key, i) => Entry(key, nodes[i], nodes[paths.Length + i]))];
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
        for (int attempt = 1; ; attempt++)
        {
            CatchUp();
            long revision = client.LastZxid;
            (List<ConfigEntry> entries, bool isTorn) = await _walk.ReadAsync(top, cancellationToken).ConfigureAwait(false);
            if (!isTorn || attempt == MaxAttempts)
            {
                return new ConfigSnapshot(prefix, entries, entries.Aggregate(revision, static (newest, entry) => Math.Max(newest, entry.Revision.Number)));
            }
        }
    }

    /// <summary>Reads which keys lie directly below a prefix.</summary>
    public async ValueTask<IReadOnlyList<string>> ListKeysAsync(string prefix, CancellationToken cancellationToken)
    {
        string top = keys.Below(prefix);
        CatchUp();
        ZooKeeperChildren? children = await client.GetChildrenAsync(top, cancellationToken).ConfigureAwait(false);
        return children is null ? [] : [.. children.Names.Select(name => keys.Key($"{(top == "/" ? "" : top)}/{name}")).OfType<string>()];
    }

    /// <summary>Reads everything below a prefix for somebody who has to know when that begins.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="beginning">Called when there is a connection, before anything is asked for over it; may throw. Called again with each attempt.</param>
    /// <param name="cancellationToken">The deadline.</param>
    public async ValueTask<ConfigSnapshot> ListAsync(string prefix, Action beginning, CancellationToken cancellationToken)
    {
        await client.ConnectAsync(cancellationToken).ConfigureAwait(false);
        beginning();
        return await ListAsync(prefix, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<ConfigEntry?> GetParentAsync(string key, string path, CancellationToken cancellationToken)
    {
        ZooKeeperNode?[] nodes = await ReadAsync([path, ZooKeeperKeys.Marker(path)], cancellationToken).ConfigureAwait(false);
        return Entry(key, nodes[0], nodes[1]);
    }

    private static ConfigEntry? Entry(string key, ZooKeeperNode? node, ZooKeeperNode? marker) =>
        node is { HasData: true } there ? ZooKeeperRow.Entry(key, there, marker?.Stat.Czxid) : null;

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
