namespace ConfigClients.ZooKeeper.Wire;

/// <summary>One try of a commit: how the nodes stood, and the multi that is made of that. Not thread-safe.</summary>
internal sealed class ZooKeeperDraft(ZooKeeperKeys keys, ZooKeeperShards shards, IReadOnlyList<ZooKeeperAcl> acl, ZooKeeperSession? session, Dictionary<string, ZooKeeperNode?> nodes)
{
    private readonly HashSet<string> _created = new(StringComparer.Ordinal);
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _children = new(StringComparer.Ordinal);

    /// <summary>The multi so far.</summary>
    public ZooKeeperMulti Multi { get; } = new() { Session = session?.Wire };

    /// <summary>The node of a key; null if there is no key.</summary>
    public ZooKeeperNode? KeyAt(string path) => nodes[path] is { HasData: true } node ? node : null;

    /// <summary>What is known of a key that the multi, carried out, has set.</summary>
    public ZooKeeperFact After(string path, long zxid)
    {
        ZooKeeperNode? before = nodes[path];
        bool isNew = _created.Contains(path);
        int epoch = nodes[shards.PathOf(path)] is { } shard ? shard.Stat.Version : -1;
        return new ZooKeeperFact(zxid, isNew ? 0 : before!.Value.Stat.Version + 1, isNew ? -1 : epoch, isNew || before!.Value is { HasData: true, Stat.NumChildren: 0 });
    }

    /// <summary>The path must stand as it was read: the same incarnation in the same version, or none.</summary>
    public void Rely(string path, bool isThisOne)
    {
        string shard = shards.PathOf(path);
        if ((isThisOne || nodes[shard] is not null) && _checked.Add(shard))
        {
            // Where nothing has been counted yet, the check fails, and the counts are made: otherwise the first creation would go unnoticed.
            Multi.Check(shard, nodes[shard]?.Stat.Version ?? 0);
        }

        if (_checked.Add(path) && nodes[path] is { } node)
        {
            Multi.Check(path, node.Stat.Version);
        }
    }

    /// <summary>The key goes; the node stays where there are keys below it.</summary>
    public void Delete(ZooKeeperWrite write)
    {
        if (nodes[write.Path] is not { HasData: true } known)
        {
            return;
        }

        bool hasChildren = HasChildren(write.Path, known);
        Unmark(write.Path);
        if (hasChildren)
        {
            Multi.SetData(write.Path, null, known.Stat.Version);
        }
        else
        {
            Multi.Delete(write.Path, known.Stat.Version);
            Count(write.Path, -1);
        }
    }

    /// <summary>The key is set or created, and what is missing above it.</summary>
    public void Set(ZooKeeperWrite write)
    {
        if (nodes[write.Path] is not { } known)
        {
            Create(write);
        }
        else if (known.HasData)
        {
            Multi.SetData(write.Path, write.Value, known.Stat.Version);
        }
        else if (!HasChildren(write.Path, known))
        {
            // An empty place that nobody needs: made anew, so that the key is as old as its creation.
            Unmark(write.Path);
            Multi.Delete(write.Path, known.Stat.Version);
            Count(write.Path, -1);
            Create(write);
        }
        else if (write.Session is null)
        {
            Multi.SetData(write.Path, write.Value, known.Stat.Version);
            Unmark(write.Path);
            Multi.Create(ZooKeeperKeys.Marker(write.Path), default(ReadOnlyMemory<byte>), options: Options());
        }
        else
        {
            throw new StoreException(StoreError.InvalidRequest, "A session-bound key must have no children, and this one has; nothing was written.");
        }
    }

    private void Unmark(string path)
    {
        if (nodes[ZooKeeperKeys.Marker(path)] is not null)
        {
            Multi.Delete(ZooKeeperKeys.Marker(path));
        }
    }

    /// <summary>Whether the node has children other than its marker, after what the multi holds so far.</summary>
    private bool HasChildren(string path, in ZooKeeperNode node) =>
        node.Stat.NumChildren - (nodes[ZooKeeperKeys.Marker(path)] is null ? 0 : 1) + _children.GetValueOrDefault(path) > 0;

    private void Count(string path, int change)
    {
        string parent = ZooKeeperKeys.Parent(path);
        _children[parent] = _children.GetValueOrDefault(parent) + change;
    }

    private void Create(ZooKeeperWrite write)
    {
        foreach (string above in keys.Between(write.Path))
        {
            if (nodes[above] is null && _created.Add(above))
            {
                Place(above, null, ZooKeeperCreateMode.Persistent);
            }
            else if (nodes[above] is { Stat.EphemeralOwner: not 0 })
            {
                throw ZooKeeperErrors.From(ZooKeeperError.NoChildrenForEphemerals);
            }
        }

        _created.Add(write.Path);
        Place(write.Path, write.Value, write.Session is null ? ZooKeeperCreateMode.Persistent : ZooKeeperCreateMode.Ephemeral);
    }

    private void Place(string path, ReadOnlyMemory<byte>? value, ZooKeeperCreateMode mode)
    {
        Multi.Create(path, value, mode, Options()).SetData(shards.PathOf(path), default(ReadOnlyMemory<byte>));
        Count(path, 1);
    }

    private ZooKeeperCreateOptions Options() => new() { Acl = acl };
}
