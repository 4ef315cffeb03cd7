using Microsoft.Extensions.Logging;

namespace ConfigClients.Embedded.Wire;

/// <summary>Wakes whoever waits for news, and ends sessions whose time is up. Runs only while somebody listens. Thread-safe.</summary>
/// <remarks>
/// <para>
/// Writes of this store object signal at once; those of others are noticed by polling the database's change counter, one poller
/// for all watches. Without a listener dead sessions need no ending: reads hide their keys, and the next write removes them.
/// </para>
/// <para>A thread of its own, not a timer: fifty timer ticks a second keep the thread pool spinning, at ten times the processor time.</para>
/// </remarks>
internal sealed class EmbeddedPulse(EmbeddedDatabase database, EmbeddedClock clock, TimeSpan pollInterval, ILogger logger) : IAsyncDisposable
{
    private const int StackBytes = 256 * 1024;

    // What is enough for sessions alone: their end may take half a second.
    private static readonly TimeSpan SessionInterval = TimeSpan.FromMilliseconds(200);

    private readonly Lock _gate = new();
    private readonly AutoResetEvent _changed = new(false);
    private TaskCompletionSource _news = NewSignal();
    private TaskCompletionSource? _running;
    private int _listeners;
    private int _watches;
    private int _signalled;
    private bool _disposed;

    /// <summary>Completes when something may have changed. Take it before looking, so that nothing falls between.</summary>
    public Task News => Volatile.Read(ref _news).Task;

    /// <summary>One more listener.</summary>
    /// <param name="isWatch">Whether it waits for changes of others; otherwise it keeps a session.</param>
    public void Attach(bool isWatch)
    {
        lock (_gate)
        {
            _listeners++;
            _watches += isWatch ? 1 : 0;
            Volatile.Write(ref _signalled, 1);
            if (_running is null && !_disposed)
            {
                _running = NewSignal();
                new Thread(Run, StackBytes) { IsBackground = true, Name = "ConfigClients.Embedded pulse" }.Start(_running);
            }
        }

        _changed.Set();
    }

    /// <summary>One listener fewer.</summary>
    /// <param name="isWatch">As it was attached.</param>
    public void Detach(bool isWatch)
    {
        lock (_gate)
        {
            _listeners--;
            _watches -= isWatch ? 1 : 0;
        }

        _changed.Set();
    }

    /// <summary>Something may have changed.</summary>
    public void Signal()
    {
        if (Volatile.Read(ref _listeners) > 0)
        {
            Volatile.Write(ref _signalled, 1);
            Wake();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task ended;
        lock (_gate)
        {
            _disposed = true;
            ended = _running?.Task ?? Task.CompletedTask;
        }

        _changed.Set();
        Wake();
        await ended.ConfigureAwait(false);
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private void Wake() => Interlocked.Exchange(ref _news, NewSignal()).TrySetResult();

    private void Run(object? running)
    {
        EmbeddedReader? poller = null;
        long seen = -1;
        long? firstDeadline = null;
        while (GoesOn())
        {
            try
            {
                bool mayDiffer = Interlocked.Exchange(ref _signalled, 0) != 0;
                poller ??= database.OpenPoller();
                if (poller?.Version() is { } version && version != seen)
                {
                    seen = version;
                    mayDiffer = true;
                    Wake();
                }

                if (mayDiffer)
                {
                    firstDeadline = database.Read(static (reader, _) => reader.FirstDeadline(), 0);
                }

                if (firstDeadline <= clock.Now)
                {
                    EndSessions();
                }
            }
            catch (StoreException e)
            {
                Volatile.Write(ref _signalled, 1);
                Log.PollFailed(logger, e.Error, e.Message);
            }
            catch (ObjectDisposedException)
            {
                // The next look at the listeners says so, too.
            }

            _changed.WaitOne(Volatile.Read(ref _watches) > 0 ? pollInterval : SessionInterval);
        }

        poller?.Dispose();
        ((TaskCompletionSource)running!).SetResult();
    }

    private bool GoesOn()
    {
        lock (_gate)
        {
            if (_disposed || _listeners == 0)
            {
                _running = _disposed ? _running : null;
                return false;
            }

            return true;
        }
    }

    private void EndSessions()
    {
        // Beginning any write does. Several processes come here at once; the others find nothing left to do.
        // Waiting blocks this thread alone, and only while others write.
        database.WriteAsync(static (_, _) => true, 0, CancellationToken.None).AsTask().GetAwaiter().GetResult();
        Volatile.Write(ref _signalled, 1);
    }
}
