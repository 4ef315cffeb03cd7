namespace ConfigClients.ZooKeeper.Wire;

/// <summary>How far this client has seen the ensemble's history: the highest transaction number in any answer. Thread-safe.</summary>
internal sealed class ZooKeeperProgress
{
    private long _zxid;

    /// <summary>The highest number seen; 0 for none. A server that is behind it refuses the connection, so no older state is ever read.</summary>
    public long Zxid => Volatile.Read(ref _zxid);

    /// <summary>An answer showed a number. One connection's reading loop at a time.</summary>
    public void Advance(long zxid)
    {
        if (zxid > _zxid)
        {
            Volatile.Write(ref _zxid, zxid);
        }
    }

    /// <summary>The history went back.</summary>
    public void Reset(long zxid) => Volatile.Write(ref _zxid, zxid);
}
