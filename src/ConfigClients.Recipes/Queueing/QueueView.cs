using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Recipes.Queueing;

/// <summary>One watch of a queue for all who wait in it or hold through it, in this process. Runs while somebody needs it, and a little longer. Thread-safe.</summary>
/// <remarks>Its state may lag behind the store, but is never torn: who is missing from a state that is newer than his seat has gone.</remarks>
[SuppressMessage("Design", "CA1001", Justification = "The source of a run has no timer and ends with its run.")]
internal sealed class QueueView(IConfigStore store, string prefix, TimeProvider time)
{
    /// <summary>Who lets go and sits down again at once should find the watch still running.</summary>
    private static readonly TimeSpan Linger = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private TaskCompletionSource<QueueState> _next = NewSource();
    private QueueState? _current;
    private CancellationTokenSource? _running;
    private Exception? _failure;
    private int _users;
    private long _lastUse;

    /// <summary>Whether the watch runs and has shown something.</summary>
    public bool IsLive
    {
        get
        {
            lock (_gate)
            {
                return _running is not null && _current is not null;
            }
        }
    }

    /// <summary>Somebody needs it from now on.</summary>
    public void Enter()
    {
        lock (_gate)
        {
            _users++;
            if (_running is null)
            {
                _running = new CancellationTokenSource();
                _ = RunAsync(_running);
            }
        }
    }

    /// <summary>Somebody needs it no longer.</summary>
    public void Leave()
    {
        lock (_gate)
        {
            _lastUse = time.GetTimestamp();
            if (--_users == 0)
            {
                _ = EndIdleAsync(_running);
            }
        }
    }

    /// <summary>Whoever comes next stands far behind: if nobody uses it now, it ends at once.</summary>
    public void EndIdle()
    {
        CancellationTokenSource? idle;
        lock (_gate)
        {
            if (_users > 0 || _running is null)
            {
                return;
            }

            idle = _running;
            _running = null;
            _current = null;
        }

        _ = idle.CancelAsync();
    }

    /// <summary>The first state that a condition holds for.</summary>
    /// <exception cref="StoreException">The queue can no longer be watched.</exception>
    public async Task<QueueState> UntilAsync(Func<QueueState, bool> holds, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task<QueueState> next;
            lock (_gate)
            {
                if (_current is not null && holds(_current))
                {
                    return _current;
                }

                // Ended since its user came, or while that was busy: nobody would tell.
                next = _running is null && _failure is not null ? Task.FromException<QueueState>(_failure) : _next.Task;
            }

            await next.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task RunAsync(CancellationTokenSource running)
    {
        // The caller holds the gate.
        await Task.Yield();
        Dictionary<string, ConfigEntry> seats = new(StringComparer.Ordinal);
        Exception failure = new ObjectDisposedException(nameof(IConfigStore));
        try
        {
            await foreach (WatchBatch batch in store.WatchAsync(prefix, running.Token).ConfigureAwait(false))
            {
                if (batch.Kind == WatchBatchKind.Stale)
                {
                    continue;
                }

                if (batch.Snapshot is { } snapshot)
                {
                    seats = snapshot.Entries.ToDictionary(static entry => entry.Key, StringComparer.Ordinal);
                }
                else
                {
                    Apply(seats, batch.Changes);
                }

                Publish(new QueueState(seats.Values, batch.Revision));
            }
        }
#pragma warning disable CA1031 // Whatever ends the watch, those who wait on it have to hear it.
        catch (Exception e)
#pragma warning restore CA1031
        {
            failure = e;
        }

        End(running, failure);
    }

    private static void Apply(Dictionary<string, ConfigEntry> seats, IReadOnlyList<ConfigChange> changes)
    {
        foreach (ConfigChange change in changes)
        {
            if (change.Entry is null)
            {
                seats.Remove(change.Key);
            }
            else
            {
                seats[change.Key] = change.Entry;
            }
        }
    }

    private void Publish(QueueState state)
    {
        TaskCompletionSource<QueueState> next;
        lock (_gate)
        {
            _current = state;
            next = _next;
            _next = NewSource();
        }

        next.TrySetResult(state);
    }

    private void End(CancellationTokenSource running, Exception failure)
    {
        TaskCompletionSource<QueueState>? waiting = null;
        lock (_gate)
        {
            if (_running == running)
            {
                _running = null;
                _current = null;
                _failure = failure;
                waiting = _next;
                _next = NewSource();
            }
        }

        if (waiting is not null && waiting.TrySetException(failure))
        {
            _ = waiting.Task.Exception;
        }
    }

    private async Task EndIdleAsync(CancellationTokenSource? running)
    {
        await Task.Delay(Linger, time).ConfigureAwait(false);
        lock (_gate)
        {
            if (_users > 0 || _running != running || running is null || time.GetElapsedTime(_lastUse) < Linger)
            {
                return;
            }

            _running = null;
            _current = null;
        }

        await running.CancelAsync().ConfigureAwait(false);
    }

    private static TaskCompletionSource<QueueState> NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
