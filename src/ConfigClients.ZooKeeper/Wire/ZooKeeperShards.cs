namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Counts creations, so that a node is never taken for its predecessor of the same name. Thread-safe.</summary>
/// <remarks>
/// A node's version starts at 0 again when it is deleted and created anew, so a version alone does not tell one incarnation from the next. Every creation by a store
/// sets, in the same multi, one of 64 small nodes, chosen by the path. While that node's version is as it was before a node was read, the node is the same one;
/// a multi can check that. The versions known here may be old, never from the future: an old one costs a second try, and proves nothing wrong.
/// </remarks>
internal sealed class ZooKeeperShards
{
    public const int Count = 64;

    private const int Slots = 4096;

    private readonly string _own;
    private readonly TimeProvider _time;
    private readonly int[] _epochs = new int[Count];
    private readonly ZooKeeperFact[] _facts = new ZooKeeperFact[Slots];
    private readonly Lock[] _gates = new Lock[64];

    public ZooKeeperShards(string own, TimeProvider time)
    {
        _own = own;
        _time = time;
        Array.Fill(_epochs, -1);
        for (int i = 0; i < _gates.Length; i++)
        {
            _gates[i] = new Lock();
        }
    }

    /// <summary>The nodes, all of them.</summary>
    public IEnumerable<string> Paths => Enumerable.Range(0, Count).Select(Path);

    /// <summary>The node that counts the creations of a path.</summary>
    public string PathOf(string path) => Path(Shard(path));

    /// <summary>How often the node was set, as far as is known; -1 for not at all.</summary>
    public int EpochOf(string path) => Volatile.Read(ref _epochs[Shard(path)]);

    /// <summary>The node has been read or set.</summary>
    public void Learn(string shardPath, int version) => Volatile.Write(ref _epochs[int.Parse(shardPath.AsSpan(shardPath.Length - 2), System.Globalization.NumberStyles.HexNumber, null)], version);

    /// <summary>Nothing is known any more: this may be another history.</summary>
    public void Forget()
    {
        Array.Fill(_epochs, -1);
        for (int i = 0; i < Slots; i++)
        {
            lock (_gates[i % _gates.Length])
            {
                _facts[i] = default;
            }
        }
    }

    /// <summary>What a node was like at some time at which its shard's epoch was this.</summary>
    public void Remember(string path, ZooKeeperFact fact)
    {
        ulong hash = Hash(path);
        int slot = (int)(hash % Slots);
        lock (_gates[slot % _gates.Length])
        {
            _facts[slot] = fact with { PathHash = hash, SeenAt = _time.GetTimestamp() };
        }
    }

    /// <summary>What is known of a node; default if nothing is.</summary>
    public ZooKeeperFact Recall(string path)
    {
        ulong hash = Hash(path);
        int slot = (int)(hash % Slots);
        lock (_gates[slot % _gates.Length])
        {
            return _facts[slot].PathHash == hash ? _facts[slot] : default;
        }
    }

    private static int Shard(string path) => (int)(Hash(path) >> 58);

    private string Path(int shard) => $"{_own}/{shard:x2}";

    // FNV-1a with a last mix: the same in every process, of every version.
    private static ulong Hash(string path)
    {
        ulong hash = 14695981039346656037;
        foreach (char c in path)
        {
            hash = (hash ^ c) * 1099511628211;
        }

        hash ^= hash >> 32;
        hash *= 0x9E3779B97F4A7C15;
        return hash == 0 ? 1 : hash;
    }
}
