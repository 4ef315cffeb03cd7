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

    /// <summary>Sends a query that waits at the server, in a slot that was taken, and gives the slot back.</summary>
    /// <typeparam name="TState">What the query needs.</typeparam>
    /// <typeparam name="T">What it answers.</typeparam>
    /// <param name="ask">Sends it.</param>
    /// <param name="state">Handed to it.</param>
    /// <param name="wait">How long the server is asked to wait; it adds up to a sixteenth.</param>
    /// <param name="cancellationToken">Abandons it.</param>
    /// <returns>The answer.</returns>
    /// <exception cref="StoreException">The server did not answer in time, or as for the query.</exception>
    public async ValueTask<T> AskAsync<TState, T>(Func<TState, CancellationToken, ValueTask<T>> ask, TState state, TimeSpan wait, CancellationToken cancellationToken)
    {
        long askedAt = time.GetTimestamp();
        TimeSpan atServer = wait + (wait / 16);
        bool isWaiting = true;
        try
        {
            using CancellationTokenSource late = new(atServer + TimeSpan.FromSeconds(5), time);
            using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, cancellationToken);
            try
            {
                T result = await ask(state, either.Token).ConfigureAwait(false);
                isWaiting = false;
                return result;
            }
            catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
            {
                throw Silent(atServer);
            }
            catch (StoreException)
            {
                // Refused at once, or cut off while it waited: only the latter leaves something at the server.
                isWaiting = time.GetElapsedTime(askedAt) > TimeSpan.FromSeconds(1);
                throw;
            }
        }
        finally
        {
            Release(isWaiting ? atServer - time.GetElapsedTime(askedAt) : TimeSpan.Zero);
        }
    }

    /// <summary>No answer came.</summary>
    public static StoreException Silent(TimeSpan wait) => new(StoreError.Unavailable, $"The server did not answer a watch query within {wait.TotalSeconds:0.#} s.");

    // Zero if the query was answered: otherwise the server still waits.
    private void Release(TimeSpan abandonedFor)
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
