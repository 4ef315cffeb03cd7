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
    private ZooKeeperDraft? _draft;

    /// <summary>The session that the whole is carried out under, because a key shall live with it; null for any.</summary>
    public ZooKeeperSession? Session { get; private set; }

    /// <summary>The nodes of the keys that go; what is above them may be left empty.</summary>
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
        ZooKeeperDraft draft = new(keys, shards, acl, Session, paths.Zip(read).ToDictionary(static pair => pair.First, static pair => pair.Second, StringComparer.Ordinal));
        _draft = draft;
        result = default;
        foreach ((string key, string path, Condition condition) in _conditions)
        {
            if (!Meets(draft, path, condition))
            {
                result = WriteResult.Refused(key);
                return null;
            }
        }

        foreach (ZooKeeperWrite write in _writes)
        {
            if (write.Session is not null && draft.KeyAt(write.Path) is { } bound && bound.Stat.EphemeralOwner != write.Session.Wire.Id)
            {
                result = WriteResult.Refused(write.Key);
                return null;
            }
        }

        foreach ((_, string path, Condition condition) in _conditions)
        {
            // What is deleted as it stands may be anything that stands there.
            draft.Rely(path, condition.Kind != ConditionKind.Exists || !_writes.Exists(write => write.Value is null && write.Path == path));
        }

        foreach (ZooKeeperWrite write in _writes.Where(static write => write.Session is not null))
        {
            draft.Rely(write.Path, isThisOne: true);
        }

        // Parents are made before their children and unmade after them, so that one commit may hold both.
        foreach (ZooKeeperWrite write in _writes.Where(static write => write.Value is not null).OrderBy(static write => write.Path.Length))
        {
            draft.Set(write);
        }

        foreach (ZooKeeperWrite write in _writes.Where(static write => write.Value is null).OrderByDescending(static write => write.Path.Length))
        {
            draft.Delete(write);
        }

        if (draft.Multi.Count == 0)
        {
            result = WriteResult.Done();
            return null;
        }

        return draft.Multi;
    }

    /// <summary>The multi was carried out: what is known of the nodes now.</summary>
    public WriteResult Done(long zxid)
    {
        foreach (ZooKeeperWrite write in _writes.Where(static write => write.Value is not null))
        {
            shards.Remember(write.Path, _draft!.After(write.Path, zxid));
        }

        return WriteResult.Done(_writes.Exists(static write => write.Value is not null) ? new Revision(zxid) : default);
    }

    private static bool Meets(ZooKeeperDraft draft, string path, Condition condition) => condition.Kind switch
    {
        ConditionKind.Exists => draft.KeyAt(path) is not null,
        ConditionKind.Absent => draft.KeyAt(path) is null,
        ConditionKind.UnchangedSince => draft.KeyAt(path) is { } node && node.Stat.Mzxid == condition.Revision.Number && condition.Revision.Token == 0,
        ConditionKind.HeldBy => draft.KeyAt(path) is { } node && node.Stat.EphemeralOwner == ((ZooKeeperSession)condition.Session!).Wire.Id,
        _ => true,
    };
}
