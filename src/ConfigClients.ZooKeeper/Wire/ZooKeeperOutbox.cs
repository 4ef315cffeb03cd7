namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Requests of the client's callers, from submission until a connection takes them. Outlives connections. Thread-safe.</summary>
internal sealed class ZooKeeperOutbox : IDisposable
{
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(1);

    private readonly TimeProvider _time;
    private readonly TimeSpan _timeout;
    private readonly ITimer _timer;
    private ZooKeeperConnection? _connection;
    private Exception? _terminal;
    private bool _timing;

    /// <summary>Makes an outbox.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="timeout">Longest wait for one request, from submission to answer.</param>
    public ZooKeeperOutbox(TimeProvider time, TimeSpan timeout)
    {
        _time = time;
        _timeout = timeout;
        _timer = time.CreateTimer(static outbox => ((ZooKeeperOutbox)outbox!).Expire(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }

    /// <summary>Guards this and the pipeline in use. Never held while anything is awaited.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Not sent yet, in the order of submission. Under the gate.</summary>
    public ZooKeeperRequestQueue Waiting { get; } = new();

    /// <summary>How many of those waiting are not gets. Under the gate.</summary>
    public int OthersWaiting { get; private set; }

    /// <summary>Why there is no connection, for messages.</summary>
    public Exception? LastFailure { get; set; }

    /// <summary>Submits a request.</summary>
    /// <returns>To be awaited once.</returns>
    public ValueTask<T> SubmitAsync<T>(ZooKeeperRequestOf<T> request, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return ValueTask.FromException<T>(new ZooKeeperUnsentException(ZooKeeperFailures.NotSent(request, null, LastFailure), cancellationToken));
        }

        Submit(request);
        return request.AwaitAsync(this, cancellationToken);
    }

    /// <summary>Submits a request; the caller may await it, or not.</summary>
    public void Submit(ZooKeeperRequest request)
    {
        ZooKeeperConnection? sender = null;
        bool wasIdle = false;
        Exception? terminal;
        lock (Gate)
        {
            terminal = _terminal;
            if (terminal is null)
            {
                request.SubmittedAt = _time.GetTimestamp();
                request.Place = ZooKeeperRequestPlace.Waiting;
                Waiting.Enqueue(request);
                OthersWaiting += request is ZooKeeperGetRequest ? 0 : 1;
                if (_connection is { } connection && connection.Pipeline.TryStartSending())
                {
                    sender = connection;
                    wasIdle = connection.Pipeline.IsIdle;
                }

                if (!_timing)
                {
                    _timing = true;
                    _timer.Change(_timeout, Timeout.InfiniteTimeSpan);
                }
            }
        }

        if (terminal is not null)
        {
            request.Fail(terminal);
            request.ReleaseByWire();
        }

        // Alone, it goes out at once. Among others it waits for the pool to come round: by then more have come to go with it.
        sender?.Send(onThisThread: wasIdle);
    }

    /// <summary>Ends the wait of a caller. A request that was not sent never will be.</summary>
    public void Withdraw(ZooKeeperRequest request, CancellationToken cancelled)
    {
        bool unsent;
        lock (Gate)
        {
            unsent = request.Place == ZooKeeperRequestPlace.Waiting;
            if (unsent)
            {
                Remove(request);
            }
        }

        request.Fail(unsent ? new ZooKeeperUnsentException(ZooKeeperFailures.NotSent(request, null, LastFailure), cancelled) : new OperationCanceledException(cancelled));
        if (unsent)
        {
            request.ReleaseByWire();
        }
    }

    /// <summary>Takes the first of those waiting. Under the gate; there is one.</summary>
    public ZooKeeperRequest TakeFirst()
    {
        ZooKeeperRequest first = Waiting.Head!;
        Remove(first);
        return first;
    }

    /// <summary>Puts a request before all others. Under the gate.</summary>
    public void PutBack(ZooKeeperGetRequest request)
    {
        if (request.IsClaimed || _terminal is not null)
        {
            request.Fail(_terminal ?? new OperationCanceledException());
            request.ReleaseByWire();
            return;
        }

        request.Place = ZooKeeperRequestPlace.Waiting;
        Waiting.EnqueueFirst(request);
    }

    /// <summary>From now on requests go over this connection.</summary>
    public void Attach(ZooKeeperConnection connection)
    {
        lock (Gate)
        {
            _connection = connection;
        }

        connection.Kick();
    }

    /// <summary>There is no connection any more: requests wait.</summary>
    public void Detach(ZooKeeperConnection connection)
    {
        lock (Gate)
        {
            if (_connection == connection)
            {
                _connection = null;
            }
        }
    }

    /// <summary>Ends the wait of unsent requests that fit, because they can no longer be sent.</summary>
    public void FailWaiting(Func<ZooKeeperRequest, Exception?> judge)
    {
        List<(ZooKeeperRequest Request, Exception Reason)> failed = [];
        lock (Gate)
        {
            ZooKeeperRequest? request = Waiting.Head;
            while (request is not null)
            {
                ZooKeeperRequest? next = request.Next;
                if (judge(request) is { } reason)
                {
                    Remove(request);
                    failed.Add((request, reason));
                }

                request = next;
            }
        }

        foreach ((ZooKeeperRequest request, Exception reason) in failed)
        {
            request.Fail(reason);
            request.ReleaseByWire();
        }
    }

    /// <summary>Ends all waits for good; later requests fail at once.</summary>
    public void End(Exception terminal)
    {
        lock (Gate)
        {
            _terminal ??= terminal;
        }

        FailWaiting(_ => _terminal);
    }

    /// <inheritdoc/>
    public void Dispose() => _timer.Dispose();

    private void Remove(ZooKeeperRequest request)
    {
        Waiting.Remove(request);
        request.Place = ZooKeeperRequestPlace.None;
        OthersWaiting -= request is ZooKeeperGetRequest ? 0 : 1;
    }

    // One timer for all requests: it runs only while there are some, and at most once per time-out and oldest request.
    private void Expire()
    {
        lock (Gate)
        {
            FailWaiting(request => _time.GetElapsedTime(request.SubmittedAt) >= _timeout ? ZooKeeperFailures.NotSent(request, _timeout, LastFailure) : null);
            long? oldest = _connection?.Pipeline.Expire(_timeout);
            if (Waiting.Head is { } head && (oldest is null || head.SubmittedAt < oldest))
            {
                oldest = head.SubmittedAt;
            }

            _timing = oldest is not null;
            if (oldest is { } since)
            {
                TimeSpan left = _timeout - _time.GetElapsedTime(since);
                _timer.Change(left > Shortest ? left : Shortest, Timeout.InfiniteTimeSpan);
            }
        }
    }
}
