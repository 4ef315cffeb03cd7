namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Events that wait for a consumer, within a bound whatever the server sends. Thread-safe; one reader at a time.</summary>
/// <param name="path">The subscription's path.</param>
/// <param name="capacity">How many events may wait.</param>
internal sealed class ZooKeeperEventQueue(string path, int capacity)
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ZooKeeperEventKind> _last = new(StringComparer.Ordinal);
    private List<ZooKeeperEvent> _events = [];
    private TaskCompletionSource? _reader;
    private ZooKeeperException? _end;

    /// <summary>Adds an event. One that repeats the last word about its node says nothing new to whoever reads the node next, and is left out.</summary>
    public void Add(in ZooKeeperEvent happened)
    {
        TaskCompletionSource? reader;
        lock (_gate)
        {
            if (_end is not null || (_last.TryGetValue(happened.Path, out ZooKeeperEventKind last) && last == happened.Kind && happened.Reason == ZooKeeperResyncReason.None))
            {
                return;
            }

            if (_events.Count >= capacity)
            {
                // What was dropped may have been anything.
                _events.Clear();
                _last.Clear();
                Append(new ZooKeeperEvent(ZooKeeperEventKind.Resync, path, ZooKeeperResyncReason.Overflow));
            }

            Append(happened);
            (reader, _reader) = (_reader, null);
        }

        reader?.TrySetResult();
    }

    /// <summary>Waits for events and takes all.</summary>
    public async ValueTask<IReadOnlyList<ZooKeeperEvent>> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            Task more;
            lock (_gate)
            {
                if (_events.Count > 0)
                {
                    return TakeAll();
                }

                if (_end is not null)
                {
                    throw _end;
                }

                _reader ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                more = _reader.Task;
            }

            await more.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Takes all, if there are any.</summary>
    public IReadOnlyList<ZooKeeperEvent> Take()
    {
        lock (_gate)
        {
            return _events.Count > 0 ? TakeAll() : [];
        }
    }

    /// <summary>No more events will come; those that wait can still be read.</summary>
    public void End(ZooKeeperException reason)
    {
        TaskCompletionSource? reader;
        lock (_gate)
        {
            _end ??= reason;
            (reader, _reader) = (_reader, null);
        }

        reader?.TrySetResult();
    }

    private List<ZooKeeperEvent> TakeAll()
    {
        List<ZooKeeperEvent> taken = _events;
        _events = [];
        _last.Clear();
        return taken;
    }

    private void Append(in ZooKeeperEvent happened)
    {
        _events.Add(happened);
        _last[happened.Path] = happened.Kind;
    }
}
