namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Some of what a branch has to be read for.</summary>
/// <param name="Branch">The branch.</param>
/// <param name="WithNames">Whether the names of its children are read.</param>
/// <param name="First">The first of the children that are read.</param>
/// <param name="Count">How many are.</param>
internal readonly record struct ZooKeeperBranchPart(ZooKeeperBranch Branch, bool WithNames, int First, int Count)
{
    /// <summary>How many reads it takes.</summary>
    public int Reads => Count + (WithNames ? 1 : 0);

    /// <summary>Its names.</summary>
    public static ZooKeeperBranchPart NamesOf(ZooKeeperBranch branch) => new(branch, true, 0, 0);

    /// <summary>All its children.</summary>
    public static ZooKeeperBranchPart ChildrenOf(ZooKeeperBranch branch) => new(branch, false, 0, branch.Names.Count);

    /// <summary>Its names and all its children.</summary>
    public static ZooKeeperBranchPart Of(ZooKeeperBranch branch) => new(branch, true, 0, branch.Names.Count);

    /// <summary>Packs parts so that no pack takes more than so many reads.</summary>
    public static IEnumerable<List<ZooKeeperBranchPart>> Pack(IEnumerable<ZooKeeperBranchPart> parts, int most)
    {
        List<ZooKeeperBranchPart> pack = [];
        int room = most;
        foreach (ZooKeeperBranchPart whole in parts)
        {
            for (ZooKeeperBranchPart left = whole; left.Reads > 0;)
            {
                int names = left.WithNames ? 1 : 0;
                int count = Math.Min(left.Count, room - names);
                pack.Add(left with { Count = count });
                room -= names + count;
                left = new ZooKeeperBranchPart(left.Branch, false, left.First + count, left.Count - count);
                if (room == 0)
                {
                    yield return pack;
                    pack = [];
                    room = most;
                }
            }
        }

        if (pack.Count > 0)
        {
            yield return pack;
        }
    }
}
