namespace ConfigClients.ZooKeeper.Wire;

/// <summary>A node with children, and what they are, as far as it was read. Filled in by one reading loop.</summary>
/// <param name="keys">Names of nodes as keys.</param>
/// <param name="path">The node.</param>
/// <param name="node">What it holds itself; null for the top of a walk, which does not belong to it.</param>
internal sealed class ZooKeeperBranch(ZooKeeperKeys keys, string path, ZooKeeperNode? node = null)
{
    private readonly string? _stem = keys.Stem(path);
    private string[]? _names;
    private ConfigEntry?[] _leaves = [];
    private long? _marked;
    private bool _isTorn;

    /// <summary>The node.</summary>
    public string Path { get; } = path;

    /// <summary>What the paths of its children begin with.</summary>
    public string Head { get; } = path.Length == 1 ? path : path + "/";

    /// <summary>The names of its children that may be keys or lead to some.</summary>
    public IReadOnlyList<string> Names => _names ?? [];

    /// <summary>Children that have children.</summary>
    public List<ZooKeeperBranch> Inner { get; } = [];

    /// <summary>The same node, to be read a second time, all of it by one request.</summary>
    public ZooKeeperBranch Again() => new(keys, Path, node) { _names = _names, _leaves = new ConfigEntry?[Names.Count] };

    /// <summary>Whether a second reading found the tree as the first did.</summary>
    public bool IsAs(ZooKeeperBranch first) => !_isTorn && Inner.Select(static inner => inner.Path).SequenceEqual(first.Inner.Select(static inner => inner.Path));

    /// <summary>Takes the names of the children: null if the node is gone. On a second reading, compares them.</summary>
    public void TakeNames(string[]? all)
    {
        string[] names = all is null ? [] : Array.FindAll(all, IsOurs);
        if (_names is null)
        {
            _names = names;
            _leaves = new ConfigEntry?[names.Length];
        }
        else
        {
            _isTorn |= !new HashSet<string>(names, StringComparer.Ordinal).SetEquals(_names);
        }
    }

    /// <summary>Takes a child; null if it is gone.</summary>
    /// <param name="child">Its place among the names.</param>
    /// <param name="found">The child.</param>
    public void Take(int child, ZooKeeperNode? found)
    {
        string name = _names![child];
        if (found is not { } there)
        {
            _isTorn = true;
        }
        else if (name == ZooKeeperKeys.MarkerName)
        {
            _marked = there.Stat.Czxid;
        }
        else if (there.Stat.NumChildren > 0)
        {
            Inner.Add(new ZooKeeperBranch(keys, Head + name, there));
        }
        else if (there.HasData && keys.Key(_stem, Head, name) is { } key)
        {
            _leaves[child] = ZooKeeperRow.Entry(key, there, null);
        }
    }

    /// <summary>Adds what is a key, the node itself included.</summary>
    public void AddTo(List<ConfigEntry> entries)
    {
        if (node is { HasData: true } self && keys.Key(Path) is { } key)
        {
            entries.Add(ZooKeeperRow.Entry(key, self, _marked));
        }

        foreach (ConfigEntry? leaf in _leaves)
        {
            if (leaf is not null)
            {
                entries.Add(leaf);
            }
        }
    }

    private bool IsOurs(string name) => name == ZooKeeperKeys.MarkerName || (!ZooKeeperKeys.IsOwn(name) && !(Path.Length == 1 && name == ZooKeeperKeys.Reserved));
}
