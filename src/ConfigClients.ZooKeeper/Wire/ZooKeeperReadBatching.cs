using System.Collections.Concurrent;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Decides how many gets may share one request, so that the answer stays below a megabyte whatever the nodes hold.</summary>
/// <remarks>
/// Starts small and doubles: nothing is known about the data at first. Then the longest data seen lately sets the limit, and nodes
/// with long data are remembered and read alone. Written by one connection's reading loop; read by anybody.
/// </remarks>
internal sealed class ZooKeeperReadBatching
{
    /// <summary>The most gets in one request.</summary>
    public const int MaxReads = 500;

    /// <summary>What an answer should not exceed.</summary>
    public const int TargetBytes = 768 * 1024;

    /// <summary>Longer data is read alone.</summary>
    public const int LongBytes = 32 * 1024;

    private const int FirstReads = 8;
    private const int MostRemembered = 4096;

    private readonly ConcurrentDictionary<string, bool> _long = new(StringComparer.Ordinal);
    private volatile bool _wanted = true;
    private volatile bool _known = true;
    private int _grown = FirstReads;
    private int _expectedBytes;

    /// <summary>Whether gets may share a request; if not, they go one by one, without waiting.</summary>
    public bool Supported => _wanted && _known;

    /// <summary>False once a server did not know the operation.</summary>
    public bool KnownToServer => _known;

    /// <summary>How many gets the next request may hold.</summary>
    public int Limit => Math.Clamp(TargetBytes / (Volatile.Read(ref _expectedBytes) + ZooKeeperReader.StatBytes + ZooKeeperMultiHeader.Bytes + 4), 1, Volatile.Read(ref _grown));

    /// <summary>Whether a node is known to hold long data.</summary>
    public bool IsLong(string path) => !_long.IsEmpty && _long.ContainsKey(path);

    /// <summary>The user does not want it.</summary>
    public void TurnOff() => _wanted = false;

    /// <summary>The server does not know the operation.</summary>
    public void ServerIsTooOld() => _known = false;

    /// <summary>Takes note of an answer.</summary>
    public void Observe(ZooKeeperRequest answered)
    {
        if (answered is ZooKeeperGetRequest get)
        {
            Remember(get);
        }
        else if (answered is ZooKeeperReadBatch batch)
        {
            if (batch.LongestBytes > LongBytes || !_long.IsEmpty)
            {
                foreach (ZooKeeperGetRequest member in batch.Members)
                {
                    Remember(member);
                }
            }

            // Long ones travel alone from now on; only what still shares requests counts here.
            int seen = Math.Min(batch.LongestBytes, LongBytes);
            _expectedBytes = Math.Max(seen, _expectedBytes - (_expectedBytes / 8));
            if (batch.Members.Count >= _grown)
            {
                _grown = Math.Min(_grown * 2, MaxReads);
            }
        }
    }

    /// <summary>An answer was too large to be taken: start over, carefully.</summary>
    public void ObserveTooLarge()
    {
        _expectedBytes = LongBytes;
        _grown = FirstReads;
    }

    private void Remember(ZooKeeperGetRequest get)
    {
        if (get.DataBytes > LongBytes)
        {
            if (_long.Count >= MostRemembered)
            {
                _long.Clear();
            }

            _long[get.Path] = true;
        }
        else if (!_long.IsEmpty && get.DataBytes >= 0)
        {
            _long.TryRemove(get.Path, out _);
        }
    }
}
