namespace ConfigClients.ZooKeeper.Wire;

/// <summary>The nodes that a store needs for itself: its prefix, and the counts of creations.</summary>
internal sealed class ZooKeeperGround(ZooKeeperClient client, ZooKeeperKeys keys, ZooKeeperShards shards, ZooKeeperReads reads, IReadOnlyList<ZooKeeperAcl> acl)
{
    /// <summary>Creates those that are missing.</summary>
    public async ValueTask PrepareAsync(CancellationToken cancellationToken)
    {
        ZooKeeperNode?[] known = await reads.ReadAsync([.. shards.Paths], cancellationToken).ConfigureAwait(false);
        if (known.All(static node => node is not null))
        {
            return;
        }

        // Looked for, not created on trial: above the prefix this user may have no right at all.
        string[] places = [.. ZooKeeperKeys.Ancestors(keys.Own + "/")];
        bool[] standing = await Task.WhenAll(places.Select(path => StandsAsync(path, cancellationToken))).ConfigureAwait(false);

        // All at once: requests of one connection are carried out in their order.
        string[] missing = [.. places.Where((_, i) => !standing[i]), .. shards.Paths.Where((_, i) => known[i] is null)];
        await Task.WhenAll(missing.Select(path => PlaceAsync(path, cancellationToken))).ConfigureAwait(false);
    }

    private async Task<bool> StandsAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await client.ExistsAsync(path, cancellationToken).ConfigureAwait(false) is not null;
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoAuth)
        {
            // Newer servers refuse even this, but only of what is there.
            return true;
        }
    }

    private async Task PlaceAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            ReadOnlyMemory<byte>? data = path.StartsWith(keys.Own, StringComparison.Ordinal) ? default(ReadOnlyMemory<byte>) : null;
            await client.CreateAsync(path, data, options: new ZooKeeperCreateOptions { Acl = acl }, cancellationToken: cancellationToken).ConfigureAwait(false);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NodeExists || e.MayHaveApplied)
        {
            // Somebody else did it, or the next try sees what became of it.
        }
    }
}
