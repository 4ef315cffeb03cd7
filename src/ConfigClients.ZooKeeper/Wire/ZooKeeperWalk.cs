namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Reads everything below a node: level by level, and a small tree once more, by one request, so that it is one point in time.</summary>
/// <param name="client">The connection.</param>
/// <param name="keys">Names of nodes as keys.</param>
internal sealed class ZooKeeperWalk(ZooKeeperClient client, ZooKeeperKeys keys)
{
    /// <summary>Most nodes of one request.</summary>
    private const int MaxReads = 500;

    private const int MaxRequests = 4;

    /// <summary>Reads.</summary>
    /// <param name="top">The node; it does not count itself.</param>
    /// <param name="cancellationToken">The deadline.</param>
    /// <returns>The entries, sorted, and whether the tree was seen to change meanwhile; of more than 500 nodes that cannot be told.</returns>
    public async ValueTask<(List<ConfigEntry> Entries, bool IsTorn)> ReadAsync(string top, CancellationToken cancellationToken)
    {
        List<ZooKeeperBranch> all = [];
        List<ZooKeeperBranch> level = [new(keys, top)];
        while (level.Count > 0)
        {
            await ReadAsync(level.Select(ZooKeeperBranchPart.NamesOf), cancellationToken).ConfigureAwait(false);
            await ReadAsync(level.Select(ZooKeeperBranchPart.ChildrenOf), cancellationToken).ConfigureAwait(false);
            all.AddRange(level);
            level = [.. level.SelectMany(static branch => branch.Inner)];
        }

        if (all.Sum(static branch => 1 + branch.Names.Count) > MaxReads)
        {
            return (Entries(all), false);
        }

        List<ZooKeeperBranch> again = all.ConvertAll(static branch => branch.Again());
        await ReadAsync(again.Select(ZooKeeperBranchPart.Of), cancellationToken).ConfigureAwait(false);
        return (Entries(again), !again.Zip(all).All(static pair => pair.First.IsAs(pair.Second)));
    }

    private static List<ConfigEntry> Entries(List<ZooKeeperBranch> branches)
    {
        List<ConfigEntry> entries = new(branches.Sum(static branch => 1 + branch.Names.Count));
        branches.ForEach(branch => branch.AddTo(entries));
        entries.Sort(static (left, right) => ConfigKey.Compare(left.Key, right.Key));
        return entries;
    }

    private async ValueTask ReadAsync(IEnumerable<ZooKeeperBranchPart> parts, CancellationToken cancellationToken)
    {
        Queue<Task> underWay = new();
        foreach (List<ZooKeeperBranchPart> pack in ZooKeeperBranchPart.Pack(parts, MaxReads))
        {
            underWay.Enqueue(ReadPackAsync(pack, cancellationToken));
            if (underWay.Count == MaxRequests)
            {
                await underWay.Dequeue().ConfigureAwait(false);
            }
        }

        await Task.WhenAll(underWay).ConfigureAwait(false);
    }

    private async Task ReadPackAsync(List<ZooKeeperBranchPart> pack, CancellationToken cancellationToken)
    {
        try
        {
            await client.SubmitAsync(new ZooKeeperBranchRequest(pack), cancellationToken).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error is ZooKeeperError.ResponseTooLarge or ZooKeeperError.RequestTooLarge && pack.Sum(static part => part.Reads) > 1)
        {
            int half = (pack.Sum(static part => part.Reads) + 1) / 2;
            foreach (List<ZooKeeperBranchPart> smaller in ZooKeeperBranchPart.Pack(pack, half))
            {
                await ReadPackAsync(smaller, cancellationToken).ConfigureAwait(false);
            }
        }
    }
}
