namespace ConfigClients.Consul.Wire;

/// <summary>One query that waits at the server, again and again, for all watches of a prefix and of what lies below it.</summary>
/// <remarks>
/// Keeps only the newest state, so watches may be slow. Ends by the first failure, which goes to every watch on it; they join another one.
/// Membership is guarded by the hub's lock, the state is replaced as a whole.
/// </remarks>
internal sealed class ConsulWatchQuery
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);

    private readonly ConsulWatchHub _hub;
    private readonly TimeSpan _longestWait;
    private readonly TimeProvider _time;
    private readonly ConsulTokenBucket _emptyAnswers;
    private volatile TaskCompletionSource<ConsulWatchState> _next = NewSignal();
    private volatile ConsulWatchState? _state;

    public ConsulWatchQuery(string prefix, ConfigSnapshot? from, ConsulWatchHub hub, TimeSpan longestWait, TimeProvider time, CancellationToken stop)
    {
        Prefix = prefix;
        _hub = hub;
        _longestWait = longestWait;
        _time = time;
        _emptyAnswers = new ConsulTokenBucket(time);
        Completion = Task.Run(() => RunAsync(from, stop), CancellationToken.None);
    }

    /// <summary>What it lists.</summary>
    public string Prefix { get; }

    /// <summary>How many watches are on it. Read and changed under the hub's lock.</summary>
    public int Members { get; private set; }

    /// <summary>Whether it failed or retired.</summary>
    public bool IsOver => Completion.IsCompleted || _next.Task.IsFaulted;

    /// <summary>The newest state; null before the first answer.</summary>
    public ConsulWatchState? Latest => _state;

    /// <summary>Ends with the query.</summary>
    public Task Completion { get; }

    public void Join() => Members++;

    public void Part() => Members--;

    /// <summary>Waits for an answer that a watch has not seen; at once if there is one.</summary>
    /// <param name="version">What it saw last; 0 for nothing.</param>
    /// <param name="prefix">The watch's own prefix.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <exception cref="StoreException">The query failed. A refusal of a wider prefix than the watch's own is not final for it.</exception>
    public async ValueTask<ConsulWatchState> NextAsync(long version, string prefix, CancellationToken cancellationToken)
    {
        // In this order: a state that comes between the two reads is found by one of them.
        Task<ConsulWatchState> next = _next.Task;
        if (_state is { } state && state.Version > version)
        {
            return state;
        }

        try
        {
            return await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException e) when (!e.IsTransient && prefix != Prefix)
        {
            throw new StoreException(StoreError.Unavailable, $"The query shared with the watch of \"{Prefix}\" ended: {e.Message}", false, e);
        }
    }

    private async Task RunAsync(ConfigSnapshot? from, CancellationToken stop)
    {
        ConfigSnapshot known = from ?? new ConfigSnapshot(Prefix, [], 0);
        TimeSpan wait = FirstWait;
        long version = 0;
        try
        {
            while (!_hub.TryRetire(this))
            {
                long askedAt = _time.GetTimestamp();
                ConfigSnapshot answer = await _hub.AskAsync(known, known.Revision, wait, stop).ConfigureAwait(false);
                string? gap =
                    answer.Revision == 0 ? "an answer carried no index"
                    : answer.Revision < known.Revision ? $"the index went back from {known.Revision} to {answer.Revision}"
                    : null;
                bool isNews = !ReferenceEquals(answer.Entries, known.Entries) && answer.Entries.Count + known.Entries.Count > 0;

                // Short at first, as a sign of life, and because many watches end soon: the server keeps the place until the wait is over.
                wait = wait * 4 < _longestWait ? wait * 4 : _longestWait;
                known = gap is null ? answer : new ConfigSnapshot(Prefix, answer.Entries, 0);
                Publish(new ConsulWatchState(++version, known, gap));
                if (gap is not null || (!isNews && _time.GetElapsedTime(askedAt) < FirstWait / 2))
                {
                    await Task.Delay(_emptyAnswers.Take(), _time, stop).ConfigureAwait(false);
                }
                else
                {
                    // This thread has the watches queued up and takes them next; asking again may wait for another thread, news should not.
                    await Task.Yield();
                }
            }
        }
        catch (Exception e)
        {
            // To whoever waits now, and to whoever comes before the hub has noticed.
            _next.TrySetException(e);
            _ = _next.Task.Exception;
        }
    }

    private void Publish(ConsulWatchState state)
    {
        TaskCompletionSource<ConsulWatchState> waiting = _next;
        _state = state;
        _next = NewSignal();
        waiting.TrySetResult(state);
    }

    private static TaskCompletionSource<ConsulWatchState> NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
