using System.Diagnostics.CodeAnalysis;
using ConfigClients.Adapters;
using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper;

/// <summary>The client's session with the ensemble, from its beginning to its end. Ephemeral nodes live with it.</summary>
/// <remarks>
/// It outlives connections: another server takes it over. Its end is decided by the ensemble or by this process's own monotonic clock, counted
/// from when the last answered request was <em>sent</em>, whichever comes first; so this side gives up before the ensemble can. The end is final.
/// The client then begins a new session, under another number. All members are safe to use from several threads.
/// </remarks>
[SuppressMessage("Design", "CA1001:Types that own disposable fields should be disposable", Justification = "Users look at a session; the client ends it.")]
public sealed class ZooKeeperClientSession
{
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _lost = new();
    private readonly Action<ZooKeeperClientSession> _onLost;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private SessionDeadline _deadline;
    private byte[] _password;
    private int _raised;

    internal ZooKeeperClientSession(ZooKeeperWelcome welcome, long sentAt, Action<ZooKeeperClientSession> onLost, TimeProvider time)
    {
        _time = time;
        _onLost = onLost;
        _password = welcome.Password.ToArray();
        _deadline = new SessionDeadline(time, welcome.Timeout, welcome.Timeout / 3, sentAt);
        Id = welcome.SessionId;
        Timeout = welcome.Timeout;
        IsLocal = welcome.IsReadOnly;

        // Armed only once the field is set: the callback arms it again.
        _timer = time.CreateTimer(static session => ((ZooKeeperClientSession)session!).OnDeadline(), this, System.Threading.Timeout.InfiniteTimeSpan, System.Threading.Timeout.InfiniteTimeSpan);
        _timer.Change(_deadline.ValidFor, System.Threading.Timeout.InfiniteTimeSpan);
    }

    /// <summary>The ensemble's number for it; also in <see cref="ZooKeeperStat.EphemeralOwner"/> of its nodes. May be negative.</summary>
    public long Id { get; }

    /// <summary>The time-out that the ensemble granted, which need not be the one asked for. May change when another server takes over.</summary>
    public TimeSpan Timeout { get; private set; }

    /// <summary>Whether the session may be relied on. A clock read: no I/O, right even when nothing else runs.</summary>
    public SessionState State => Deadline.State;

    /// <summary>How long the session may be relied on if no further request is answered. Zero once lost.</summary>
    public TimeSpan ValidFor => Deadline.ValidFor;

    /// <summary>Why the session is over, or <see cref="SessionEndReason.None"/>.</summary>
    public SessionEndReason EndReason => Deadline.EndReason;

    /// <summary>Cancelled once when the session is over. Callbacks run on the thread pool.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Whether it belongs to a read-only server and is worth nothing elsewhere.</summary>
    internal bool IsLocal { get; }

    /// <summary>What proves that the session is ours. Never printed.</summary>
    internal ReadOnlySpan<byte> Password => _password;

    private SessionDeadline Deadline => Volatile.Read(ref _deadline);

    /// <summary>The number, as ZooKeeper's own tools print it.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => $"0x{Id:x}";

    /// <summary>Nothing will be asked of the session any more: forgets what proves that it is ours.</summary>
    internal void Forget()
    {
        _timer.Dispose();
        Array.Clear(_password);
        _password = [];
    }

    /// <summary>A request was answered that was sent then.</summary>
    internal void Confirm(long sentAt) => Deadline.Confirm(sentAt);

    /// <summary>Another server has taken the session over.</summary>
    /// <returns>False if it was over already: it is never taken up again.</returns>
    internal bool TryResume(TimeSpan timeout, long sentAt)
    {
        lock (_gate)
        {
            _deadline.Confirm(sentAt);
            if (_deadline.State == SessionState.Lost)
            {
                return false;
            }

            if (timeout != Timeout)
            {
                Timeout = timeout;
                Volatile.Write(ref _deadline, new SessionDeadline(_time, timeout, timeout / 3, sentAt));
                _timer.Change(_deadline.ValidFor, System.Threading.Timeout.InfiniteTimeSpan);
            }

            return true;
        }
    }

    /// <summary>The session is over. The first reason stays.</summary>
    internal void End(SessionEndReason reason)
    {
        lock (_gate)
        {
            _deadline.End(reason);
        }

        RaiseLost();
    }

    private void OnDeadline()
    {
        lock (_gate)
        {
            if (_deadline.State != SessionState.Lost)
            {
                _timer.Change(_deadline.ValidFor, System.Threading.Timeout.InfiniteTimeSpan);
                return;
            }
        }

        RaiseLost();
    }

    private void RaiseLost()
    {
        if (Interlocked.Exchange(ref _raised, 1) == 0)
        {
            _onLost(this);

            // Not Cancel(): callbacks of the user must neither block nor break this thread.
            _ = _lost.CancelAsync();
        }
    }
}
