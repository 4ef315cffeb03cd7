using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>Decides from local time alone whether a session may still be relied on. Thread-safe.</summary>
/// <remarks>
/// The store counts the TTL from when it receives a heartbeat; this class counts from when the heartbeat was sent.
/// So the client gives up no later than the store does, whatever the delay between them. A margin on top covers two
/// clocks that run at slightly different speeds.
/// </remarks>
[Experimental("CONFIGCLIENTS001")]
public sealed class SessionDeadline
{
    private readonly Lock _gate = new();
    private readonly TimeProvider _time;
    private readonly TimeSpan _suspendAfter;
    private long _provenAt;
    private SessionEndReason _end;

    /// <summary>Starts to count.</summary>
    /// <param name="time">The clock; only its monotonic part is used.</param>
    /// <param name="ttl">The lifetime the store granted.</param>
    /// <param name="interval">How often heartbeats are sent; two missed ones suspend the session.</param>
    /// <param name="openedAt">When the request that opened the session was sent, by <see cref="TimeProvider.GetTimestamp"/>.</param>
    public SessionDeadline(TimeProvider time, TimeSpan ttl, TimeSpan interval, long openedAt)
    {
        _time = time;
        Trust = ttl - Margin(ttl);
        _suspendAfter = 2 * interval;
        _provenAt = openedAt;
    }

    /// <summary>How long the session may be relied on after a confirmed heartbeat was sent: the TTL less the margin.</summary>
    public TimeSpan Trust { get; }

    /// <summary>How long ago the last confirmed heartbeat was sent.</summary>
    public TimeSpan Silence
    {
        get
        {
            lock (_gate)
            {
                return _time.GetElapsedTime(_provenAt);
            }
        }
    }

    /// <summary>What may be relied on now. Once lost, lost for good.</summary>
    public SessionState State
    {
        get
        {
            lock (_gate)
            {
                TimeSpan silence = _time.GetElapsedTime(_provenAt);

                // Losing a session is final: a heartbeat that is answered late must not revive it,
                // because another client may already have acted on its end.
                if (_end == SessionEndReason.None && silence >= Trust)
                {
                    _end = SessionEndReason.DeadlinePassed;
                }

                return _end != SessionEndReason.None ? SessionState.Lost
                    : silence > _suspendAfter ? SessionState.Suspended
                    : SessionState.Healthy;
            }
        }
    }

    /// <summary>How long the session may be relied on from now. Zero once lost.</summary>
    public TimeSpan ValidFor
    {
        get
        {
            lock (_gate)
            {
                // Never negative, although the clock goes on between two readings: it is a timer's due time.
                TimeSpan left = Trust - _time.GetElapsedTime(_provenAt);
                return State == SessionState.Lost || left < TimeSpan.Zero ? TimeSpan.Zero : left;
            }
        }
    }

    /// <summary>Why the session is over.</summary>
    public SessionEndReason EndReason
    {
        get
        {
            lock (_gate)
            {
                _ = State;
                return _end;
            }
        }
    }

    /// <summary>The margin kept below a TTL: a twentieth of it.</summary>
    /// <param name="ttl">The TTL.</param>
    /// <returns>The margin.</returns>
    public static TimeSpan Margin(TimeSpan ttl) => ttl / 20;

    /// <summary>A heartbeat was confirmed.</summary>
    /// <param name="sentAt">When it was sent.</param>
    public void Confirm(long sentAt)
    {
        lock (_gate)
        {
            if (State is not SessionState.Lost)
            {
                _provenAt = Math.Max(_provenAt, sentAt);
            }
        }
    }

    /// <summary>The session is over. The first reason stays.</summary>
    /// <param name="reason">Why.</param>
    public void End(SessionEndReason reason)
    {
        lock (_gate)
        {
            if (State is not SessionState.Lost)
            {
                _end = reason;
            }
        }
    }
}
