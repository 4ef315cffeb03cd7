namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Several reads for a server that does not know the request for several: sent without waiting for one another.</summary>
internal static class ZooKeeperSingleReads
{
    public static async ValueTask<IReadOnlyList<ZooKeeperReadResult>> ReadAsync(ZooKeeperClient client, ZooKeeperRead[] reads, CancellationToken cancellationToken) =>
        await Task.WhenAll(reads.Select(read => ReadAsync(client, read, cancellationToken))).ConfigureAwait(false);

    private static async Task<ZooKeeperReadResult> ReadAsync(ZooKeeperClient client, ZooKeeperRead read, CancellationToken cancellationToken)
    {
        try
        {
            if (read.Kind == ZooKeeperReadKind.Children)
            {
                IReadOnlyList<string>? children = (await client.GetChildrenAsync(read.Path, cancellationToken).ConfigureAwait(false))?.Names;
                return new ZooKeeperReadResult(children is null ? ZooKeeperError.NoNode : ZooKeeperError.None, null, children);
            }

            ZooKeeperNode? node = await client.GetDataAsync(read.Path, cancellationToken).ConfigureAwait(false);
            return new ZooKeeperReadResult(node is null ? ZooKeeperError.NoNode : ZooKeeperError.None, node, null);
        }
        catch (ZooKeeperException e) when (e.Error == ZooKeeperError.NoAuth)
        {
            return new ZooKeeperReadResult(e.Error, null, null);
        }
    }
}
