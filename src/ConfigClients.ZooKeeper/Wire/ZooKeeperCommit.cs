namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Conditions and writes, judged by how the nodes stand, and made into one multi that fails if they no longer stand so. Not thread-safe.</summary>
/// <remarks>
/// ZooKeeper has no "absent", "set or create", or "unchanged since": each is decided from one atomic read, and what was relied upon is checked in the multi:
/// a node's version, and the count of creations of its shard. If a check fails, somebody was faster: read and judge again.
/// </remarks>
internal sealed class ZooKeeperCommit(ZooKeeperKeys keys, ZooKeeperShards shards, IReadOnlyList<ZooKeeperAcl> acl)
{
    private readonly List<(string Key, string Path, Condition Condition)> _conditions = [];
    private readonly List<ZooKeeperWrite> _writes = [];
    private readonly HashSet<string> _created = new(StringComparer.Ordinal);
    private readonly HashSet<string> _checked = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _children = new(StringComparer.Ordinal);
    private Dictionary<string, ZooKeeperNode?> _nodes = [];
    private ZooKeeperMulti _multi = new();

    /// <summary>The session that the whole is carried out under, because a key shall live with it; null for any.</summary>
    public ZooKeeperSession? Session { get; private set; }

    /// <summary>Whether anything is written for good, so that emptied parents may be left over.</summary>
    public IEnumerable<string> Deleted => _writes.Where(static write => write.Value is null).Select(static write => write.Path);

    /// <summary>Adds a condition; none adds nothing.</summary>
    public void Require(string key, Condition condition)
    {
        if (condition.Kind != ConditionKind.None)
        {
            _conditions.Add((key, keys.Path(key), condition));
        }
    }

    /// <summary>Adds a write: no value deletes.</summary>
    /// <exception cref="StoreException"><see cref="StoreError.Unsupported"/>: keys of two sessions in one commit.</exception>
    public void Write(string key, ReadOnlyMemory<byte>? value, ZooKeeperSession? session)
    {
        if (session is not null && Session is not null && session != Session)
        {
            throw new StoreException(StoreError.Unsupported, "ZooKeeper cannot bind keys to two sessions in one commit; nothing was sent.");
        }

        Session ??= session;
        _writes.Add(new ZooKeeperWrite(key, keys.Path(key), value, session));
    }

    /// <summary>What has to be read to judge.</summary>
    public IReadOnlyList<string> Needs()
    {
        // The counts first: what does not fit one request is read in several, and a count must never be newer than the node it vouches for.
        HashSet<string> paths = new(_conditions.Select(condition => shards.PathOf(condition.Path)).Concat(_writes.Select(write => shards.PathOf(write.Path))), StringComparer.Ordinal);
        paths.UnionWith(_conditions.Select(static condition => condition.Path));
        foreach (ZooKeeperWrite write in _writes)
        {
            paths.Add(write.Path);
            paths.Add(ZooKeeperKeys.Marker(write.Path));
            paths.UnionWith(keys.Between(write.Path));
        }

        return [.. paths];
    }

    /// <summary>Judges by what was read.</summary>
    /// <param name="paths">What was read.</param>
    /// <param name="read">How it stood.</param>
    /// <param name="result">The answer, where there is nothing to write.</param>
    /// <returns>The multi; null if <paramref name="result"/> says it all.</returns>
    public ZooKeeperMulti? Build(IReadOnlyList<string> paths, ZooKeeperNode?[] read, out WriteResult result)
    {
        _nodes = paths.Zip(read).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal);
        _multi = new ZooKeeperMulti { Session = Session?.Wire };
        _created.Clear();
        _checked.Clear();
        _children.Clear();
        result = default;
        foreach ((string key, string path, Condition condition) in _conditions)
        {
            if (!Meets(path, condition))
            {
                result = WriteResult.Refused(key);
                return null;
            }
        }

        foreach (ZooKeeperWrite write in _writes)
        {
            if (write.Session is not null && IsKey(write.Path) is { } bound && bound.Stat.EphemeralOwner != write.Session.Wire.Id)
            {
                result = WriteResult.Refused(write.Key);
                return null;
            }
        }

        foreach ((_, string path, Condition condition) in _conditions)
        {
            // What is deleted as it stands may be anything that stands there.
            Rely(path, condition.Kind != ConditionKind.Exists || !_writes.Exists(write => write.Value is null && write.Path == path));
        }

        foreach (ZooKeeperWrite write in _writes.Where(static write => write.Session is not null))
        {
            Rely(write.Path, true);
        }

        // Parents are made before their children and unmade after them, so that one commit may hold both.
        foreach (ZooKeeperWrite write in _writes.Where(static write => write.Value is not null).OrderBy(static write => write.Path.Length))
        {
            Set(write);
        }

        foreach (ZooKeeperWrite write in _writes.Where(static write => write.Value is null).OrderByDescending(static write => write.Path.Length))
        {
            Delete(write);
        }

        if (_multi.Count == 0)
        {
            result = WriteResult.Done();
            return null;
        }

        return _multi;
    }

    /// <summary>The multi was carried out: what is known of the nodes now.</summary>
    public WriteResult Done(long zxid)
    {
        foreach (ZooKeeperWrite write in _writes.Where(static write => write.Value is not null))
        {
            ZooKeeperNode? before = _nodes[write.Path];
            bool isNew = _created.Contains(write.Path);
            int epoch = _nodes[shards.PathOf(write.Path)] is { } shard ? shard.Stat.Version : -1;
            shards.Remember(write.Path, new ZooKeeperFact(
                zxid, isNew ? 0 : before!.Value.Stat.Version + 1, isNew ? -1 : epoch, isNew || before!.Value is { HasData: true, Stat.NumChildren: 0 }));
        }

        return WriteResult.Done(_writes.Exists(static write => write.Value is not null) ? new Revision(zxid) : default);
    }

    private ZooKeeperNode? IsKey(string path) => _nodes[path] is { HasData: true } node ? node : null;

    private bool Meets(string path, Condition condition) => condition.Kind switch
    {
        ConditionKind.Exists => IsKey(path) is not null,
        ConditionKind.Absent => IsKey(path) is null,
        ConditionKind.UnchangedSince => IsKey(path) is { } node && node.Stat.Mzxid == condition.Revision.Number && condition.Revision.Token == 0,
        ConditionKind.HeldBy => IsKey(path) is { } node && node.Stat.EphemeralOwner == ((ZooKeeperSession)condition.Session!).Wire.Id,
        _ => true,
    };

    /// <summary>The path must stand as it was read: the same incarnation in the same version, or none.</summary>
    private void Rely(string path, bool isThisOne)
    {
        string shard = shards.PathOf(path);
        if ((isThisOne || _nodes[shard] is not null) && _checked.Add(shard))
        {
            // Where nothing has been counted yet, the check fails, and the counts are made: otherwise the first creation would go unnoticed.
            _multi.Check(shard, _nodes[shard]?.Stat.Version ?? 0);
        }

        if (_checked.Add(path) && _nodes[path] is { } node)
        {
            _multi.Check(path, node.Stat.Version);
        }
    }

    private void Delete(ZooKeeperWrite write)
    {
        if (_nodes[write.Path] is not { HasData: true } known)
        {
            return;
        }

        bool hasChildren = HasChildren(write.Path, known);
        Unmark(write.Path);
        if (hasChildren)
        {
            _multi.SetData(write.Path, null, known.Stat.Version);
        }
        else
        {
            _multi.Delete(write.Path, known.Stat.Version);
            Count(write.Path, -1);
        }
    }

    private void Set(ZooKeeperWrite write)
    {
        if (_nodes[write.Path] is not { } known)
        {
            Create(write);
        }
        else if (known.HasData)
        {
            _multi.SetData(write.Path, write.Value, known.Stat.Version);
        }
        else if (!HasChildren(write.Path, known))
        {
            // An empty place that nobody needs: made anew, so that the key is as old as its creation.
            Unmark(write.Path);
            _multi.Delete(write.Path, known.Stat.Version);
            Count(write.Path, -1);
            Create(write);
        }
        else if (write.Session is null)
        {
            _multi.SetData(write.Path, write.Value, known.Stat.Version);
            Unmark(write.Path);
            _multi.Create(ZooKeeperKeys.Marker(write.Path), default(ReadOnlyMemory<byte>), options: Options());
        }
        else
        {
            throw new StoreException(StoreError.InvalidRequest, "A session-bound key must have no children, and this one has; nothing was written.");
        }
    }

    private void Unmark(string path)
    {
        if (_nodes[ZooKeeperKeys.Marker(path)] is not null)
        {
            _multi.Delete(ZooKeeperKeys.Marker(path));
        }
    }

    /// <summary>Whether the node has children other than its marker, after what the multi holds so far.</summary>
    private bool HasChildren(string path, in ZooKeeperNode node) =>
        node.Stat.NumChildren - (_nodes[ZooKeeperKeys.Marker(path)] is null ? 0 : 1) + _children.GetValueOrDefault(path) > 0;

    private void Count(string path, int change)
    {
        string parent = ZooKeeperKeys.Parent(path);
        _children[parent] = _children.GetValueOrDefault(parent) + change;
    }

    private void Create(ZooKeeperWrite write)
    {
        foreach (string above in keys.Between(write.Path))
        {
            if (_nodes[above] is null && _created.Add(above))
            {
                Place(above, null, ZooKeeperCreateMode.Persistent);
            }
            else if (_nodes[above] is { Stat.EphemeralOwner: not 0 })
            {
                throw ZooKeeperErrors.From(ZooKeeperError.NoChildrenForEphemerals);
            }
        }

        _created.Add(write.Path);
        Place(write.Path, write.Value, write.Session is null ? ZooKeeperCreateMode.Persistent : ZooKeeperCreateMode.Ephemeral);
    }

    private void Place(string path, ReadOnlyMemory<byte>? value, ZooKeeperCreateMode mode)
    {
        _multi.Create(path, value, mode, Options()).SetData(shards.PathOf(path), default(ReadOnlyMemory<byte>));
        Count(path, 1);
    }

    private ZooKeeperCreateOptions Options() => new() { Acl = acl };
}
