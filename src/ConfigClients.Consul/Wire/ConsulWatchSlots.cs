namespace ConfigClients.Consul.Wire;

/// <summary>How many watch queries may wait at the server. A query that was abandoned counts until its wait would have ended: the server does not notice. Thread-safe.</summary>
internal sealed class ConsulWatchSlots(int limit, TimeProvider time)
{
    private readonly Lock _gate = new();
    private readonly List<long> _abandonedUntil = [];
    private int _inUse;

    /// <summary>Takes a slot if one is free.</summary>
    public bool TryTake()
    {
        lock (_gate)
        {
            long now = time.GetTimestamp();
            _abandonedUntil.RemoveAll(until => until <= now);
            if (_inUse + _abandonedUntil.Count >= limit)
            {
                return false;
            }

            _inUse++;
            return true;
        }
    }

    /// <summary>Gives a slot back.</summary>
    /// <param name="abandonedFor">How long the server still waits; zero if the query was answered.</param>
    public void Release(TimeSpan abandonedFor)
    {
        lock (_gate)
        {
            _inUse--;
            if (abandonedFor > TimeSpan.Zero)
            {
                _abandonedUntil.Add(time.GetTimestamp() + (long)(abandonedFor.TotalSeconds * time.TimestampFrequency));
            }
        }
    }
}
