namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Takes away parents that hold nothing any more. In the background, and only as far as nobody uses them: a parent left over harms nobody.</summary>
/// <param name="client">The client.</param>
/// <param name="root">The store's prefix; it and what is above it stay, whoever made it.</param>
internal sealed class ZooKeeperPruning(ZooKeeperClient client, string root)
{
    /// <summary>Keys were deleted.</summary>
    public void Begin(IEnumerable<string> deleted)
    {
        foreach (string path in deleted)
        {
            _ = PruneAsync(path);
        }
    }

    private async Task PruneAsync(string path)
    {
        try
        {
            for (string parent = ZooKeeperKeys.Parent(path); parent.Length > root.Length; parent = ZooKeeperKeys.Parent(parent))
            {
                if (await client.GetDataAsync(parent).ConfigureAwait(false) is not { HasData: false, Stat: { NumChildren: 0, EphemeralOwner: 0 } } node)
                {
                    return;
                }

                await client.DeleteAsync(parent, node.Stat.Version).ConfigureAwait(false);
            }
        }
        catch (ZooKeeperException)
        {
            // It has children again, or a value; or it must wait for another delete.
        }
    }
}
