using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Adapters;

/// <summary>Keeps one session up: sends heartbeats at a third of the TTL and raises its loss on time, store reachable or not.</summary>
/// <remarks>A store's session owns one and forwards its members. Dispose stops the heartbeats; it does not end the session in the store.</remarks>
[Experimental("CONFIGCLIENTS001")]
public sealed class HeartbeatLoop : IAsyncDisposable
{
    private readonly IHeartbeat _heartbeat;
    private readonly string _store;
    private readonly string _sessionId;
    private readonly TimeSpan _ttl;
    private readonly TimeSpan _interval;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly SessionDeadline _deadline;
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly ITimer _timer;
    private readonly Task _loop;
    private int _raised;

    /// <summary>Starts the heartbeats.</summary>
    /// <param name="heartbeat">Sends one.</param>
    /// <param name="store">The kind of store, for metrics.</param>
    /// <param name="sessionId">The session, for logs.</param>
    /// <param name="ttl">The lifetime the store granted.</param>
    /// <param name="openedAt">When the request that opened the session was sent.</param>
    /// <param name="time">The clock.</param>
    /// <param name="logger">For suspension and loss.</param>
    public HeartbeatLoop(IHeartbeat heartbeat, string store, string sessionId, TimeSpan ttl, long openedAt, TimeProvider time, ILogger logger)
    {
        _heartbeat = heartbeat;
        _store = store;
        _sessionId = sessionId;
        _ttl = ttl;
        _interval = ttl / 3;
        _time = time;
        _logger = logger;
        _deadline = new SessionDeadline(time, ttl, _interval, openedAt);
        Telemetry.RecordSession(store, "opened");

        // Of its own, so that the loss is raised on time while a heartbeat is stuck.
        // Armed only once the field is set: the callback arms it again.
        _timer = time.CreateTimer(static state => ((HeartbeatLoop)state!).OnDeadline(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(_deadline.ValidFor, Timeout.InfiniteTimeSpan);
        _loop = Task.Run(RunAsync);
    }

    /// <inheritdoc cref="IStoreSession.State"/>
    public SessionState State => _deadline.State;

    /// <inheritdoc cref="IStoreSession.ValidFor"/>
    public TimeSpan ValidFor => _deadline.ValidFor;

    /// <inheritdoc cref="IStoreSession.EndReason"/>
    public SessionEndReason EndReason => _deadline.EndReason;

    /// <inheritdoc cref="IStoreSession.Lost"/>
    public CancellationToken Lost => _lost.Token;

    /// <summary>The session is over.</summary>
    /// <param name="reason">Why.</param>
    public void End(SessionEndReason reason)
    {
        _deadline.End(reason);
        RaiseLost();
    }

    /// <summary>Stops the heartbeats and waits until none is under way.</summary>
    /// <returns>When stopped.</returns>
    public async ValueTask DisposeAsync()
    {
        End(SessionEndReason.Closed);
        await _stop.CancelAsync().ConfigureAwait(false);
        await _loop.ConfigureAwait(false);
        await _timer.DisposeAsync().ConfigureAwait(false);
    }

    private async Task RunAsync()
    {
        bool suspended = false;
        TimeSpan wait = _interval;
        while (await WaitAsync(wait).ConfigureAwait(false) && State != SessionState.Lost)
        {
            long sentAt = _time.GetTimestamp();
            (bool? alive, string? failure) = await BeatAsync().ConfigureAwait(false);
            if (alive == false)
            {
                End(SessionEndReason.EndedByStore);
                return;
            }

            if (alive == true)
            {
                _deadline.Confirm(sentAt);
                if (suspended && State == SessionState.Healthy)
                {
                    suspended = false;
                    Log.SessionResumed(_logger, _sessionId);
                    Telemetry.RecordSession(_store, "resumed");
                }

                wait = _interval - _time.GetElapsedTime(sentAt);
                continue;
            }

            if (!suspended && State == SessionState.Suspended)
            {
                suspended = true;
                Log.SessionSuspended(_logger, _sessionId, _deadline.Silence.TotalMilliseconds, _ttl.TotalMilliseconds);
                Telemetry.RecordSession(_store, "suspended");
            }

            // Soon, but not in step with every other client that lost the same server.
            wait = _interval / 8 * (1 + Random.Shared.NextDouble());
            Log.HeartbeatFailed(_logger, _sessionId, failure!, wait.TotalMilliseconds);
        }
    }

    private async Task<bool> WaitAsync(TimeSpan wait)
    {
        await Task.Delay(wait > TimeSpan.Zero ? wait : TimeSpan.Zero, _time, _stop.Token)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !_stop.IsCancellationRequested;
    }

    private async Task<(bool? Alive, string? Failure)> BeatAsync()
    {
        using CancellationTokenSource late = new(_interval, _time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, _stop.Token);
        try
        {
            return (await _heartbeat.BeatAsync(either.Token).ConfigureAwait(false), null);
        }
        catch (StoreException e)
        {
            return e.Error == StoreError.SessionEnded ? (false, null) : (null, Telemetry.Name(e.Error));
        }
#pragma warning disable CA1031 // Whatever goes wrong, the outcome is the same: not confirmed. The deadline decides.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return (null, e.GetType().Name);
        }
    }

    private void OnDeadline()
    {
        if (State == SessionState.Lost)
        {
            RaiseLost();
        }
        else
        {
            _timer.Change(_deadline.ValidFor, Timeout.InfiniteTimeSpan);
        }
    }

    private void RaiseLost()
    {
        if (Interlocked.Exchange(ref _raised, 1) != 0)
        {
            return;
        }

        if (EndReason != SessionEndReason.Closed)
        {
            Log.SessionLost(_logger, _sessionId, EndReason, _deadline.Silence.TotalMilliseconds);
        }

        Telemetry.RecordSession(_store, EndReason == SessionEndReason.Closed ? "closed" : "lost");

        // Not Cancel(): callbacks of the user must neither block nor break this thread.
        _ = _lost.CancelAsync();
    }
}
