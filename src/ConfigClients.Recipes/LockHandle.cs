using ConfigClients.Recipes.Queueing;

namespace ConfigClients.Recipes;

/// <summary>Something that is held: a lock, a place in a semaphore, a lead. Dispose it to let go. Thread-safe.</summary>
/// <remarks>
/// <para>
/// Loss is decided by this process's own monotonic clock, before the store can give the place to anybody else, whether the store can be reached or not. It is final.
/// What no clock can stop is a write that is under way already, or a process that is paused between looking at <see cref="IsHeld"/> and writing.
/// Against those, writes carry the <see cref="FencingToken"/>, or go into the same store under <see cref="Guard"/>.
/// </para>
/// </remarks>
public sealed class LockHandle : IAsyncDisposable
{
    private readonly CancellationTokenSource _lost = new();
    private readonly CancellationTokenSource _end = new();
    private readonly IConfigStore _store;
    private readonly ContenderQueue _queue;
    private readonly Seat _seat;
    private readonly CancellationTokenRegistration _sessionLost;
    private int _reason;

    internal LockHandle(IConfigStore store, ContenderQueue queue, Seat seat)
    {
        _store = store;
        _queue = queue;
        _seat = seat;
        _sessionLost = seat.Session.Lost.UnsafeRegister(static handle => ((LockHandle)handle!).OnSessionLost(), this);
        _ = WatchSeatAsync();
    }

    /// <summary>What is held: the name it was asked for by.</summary>
    public string Name => _queue.Name;

    /// <summary>Rises from holder to holder, on every store. A resource that refuses smaller tokens than it has seen accepts no stale write.</summary>
    public long FencingToken => _seat.Token;

    /// <summary>The key of the seat in the store.</summary>
    public string SeatKey => _seat.Key;

    /// <summary>The session that the seat lives with.</summary>
    public IStoreSession Session => _seat.Session;

    /// <summary>Whether it is held. A clock read: no I/O, right even when nothing else runs.</summary>
    public bool IsHeld => Volatile.Read(ref _reason) == 0 && _seat.Session.State != SessionState.Lost;

    /// <summary>How long it is held if no further heartbeat is confirmed. Zero once lost or let go.</summary>
    public TimeSpan ValidFor => IsHeld ? _seat.Session.ValidFor : TimeSpan.Zero;

    /// <summary>When <see cref="ValidFor"/> ends, by the wall clock: for reports. Decisions belong to <see cref="IsHeld"/>.</summary>
    public DateTimeOffset ValidUntil => _queue.Time.GetUtcNow() + ValidFor;

    /// <summary>Why it is not held any more.</summary>
    public LockLossReason LossReason => (LockLossReason)Volatile.Read(ref _reason) is var reason && reason == LockLossReason.None && _seat.Session.State == SessionState.Lost
        ? Reason(_seat.Session.EndReason)
        : reason;

    /// <summary>Cancelled once it is lost; not when it is let go. Callbacks run on the thread pool.</summary>
    public CancellationToken Lost => _lost.Token;

    /// <summary>Cancelled when so little time is left, or when it is lost: time to finish before anybody else can begin.</summary>
    /// <param name="timeLeft">How much time to keep. Up to half of the session's TTL; otherwise it would be cancelled between healthy heartbeats.</param>
    /// <returns>The token. It stays cancelled, also if the session recovers.</returns>
    /// <exception cref="ArgumentOutOfRangeException">Negative, or more than half of the TTL.</exception>
    public CancellationToken ExpiringWithin(TimeSpan timeLeft)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(timeLeft, TimeSpan.Zero);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(timeLeft, _seat.Session.GrantedTtl / 2);
        CancellationTokenSource expiring = CancellationTokenSource.CreateLinkedTokenSource(_lost.Token, _end.Token);
        _ = ExpireAsync(expiring, timeLeft);
        return expiring.Token;
    }

    /// <summary>Makes a transaction depend on the seat: the store itself refuses it once the seat is gone.</summary>
    /// <param name="transaction">The transaction; takes one operation more.</param>
    /// <returns>The same transaction.</returns>
    public Transaction Guard(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Require(_seat.Key, Condition.HeldBy(_seat.Session));
    }

    /// <summary>Writes one key if, and only if, the seat still stands: one <see cref="IConfigStore.CommitAsync"/>.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The bytes, up to 350 KiB.</param>
    /// <param name="cancellationToken">Stops waiting; the write may still have been applied.</param>
    /// <returns>Whether it was applied. False: the hold is over.</returns>
    /// <exception cref="StoreException"><see cref="StoreError.SessionEnded"/> if the session is over; otherwise as for <see cref="IConfigStore.CommitAsync"/>.</exception>
    public ValueTask<WriteResult> SetAsync(string key, ReadOnlyMemory<byte> value, CancellationToken cancellationToken = default) =>
        _store.CommitAsync(Guard(new Transaction()).Set(key, value), cancellationToken);

    /// <summary>Lets go: one round trip. If the store cannot be reached, the seat is removed when it can be, or goes with its session.</summary>
    /// <returns>When the store has confirmed, or cannot be reached.</returns>
    public async ValueTask DisposeAsync()
    {
        bool wasHeld = Interlocked.CompareExchange(ref _reason, (int)LockLossReason.Released, 0) == 0;
        await _sessionLost.DisposeAsync().ConfigureAwait(false);
        if (!_end.IsCancellationRequested)
        {
            // First on its way to the store: somebody may wait for it.
            Task standingUp = wasHeld || LossReason == LockLossReason.SeatRemoved ? _queue.StandUpAsync(_seat).AsTask() : Task.CompletedTask;
            await _end.CancelAsync().ConfigureAwait(false);
            await standingUp.ConfigureAwait(false);
        }
    }

    private static LockLossReason Reason(SessionEndReason reason) =>
        reason == SessionEndReason.DeadlinePassed ? LockLossReason.DeadlinePassed : LockLossReason.SessionEnded;

    private void OnSessionLost() => Lose(Reason(_seat.Session.EndReason));

    private void Lose(LockLossReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, 0) == 0)
        {
            // Not Cancel(): callbacks of the user must neither block nor break this thread.
            _ = _lost.CancelAsync();
        }
    }

    /// <summary>Notices when somebody deletes the seat. Everything else the session notices.</summary>
    private async Task WatchSeatAsync()
    {
        try
        {
            while (IsHeld)
            {
                try
                {
                    if (!await _queue.WatchAsync(_seat, _end.Token).ConfigureAwait(false))
                    {
                        return;
                    }

                    // It goes with its session, too, and then that is the reason, whoever is heard first.
                    Lose(_seat.Session.State == SessionState.Lost ? Reason(_seat.Session.EndReason) : LockLossReason.SeatRemoved);
                }
                catch (StoreException)
                {
                    // Watching is refused; the session still decides, and writes are still fenced.
                    await Task.Delay(_seat.Session.GrantedTtl / 3, _queue.Time, _end.Token).ConfigureAwait(false);
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            // Let go, or the store is closed and the session with it.
        }
    }

    private async Task ExpireAsync(CancellationTokenSource expiring, TimeSpan timeLeft)
    {
        while (!expiring.IsCancellationRequested)
        {
            TimeSpan wait = ValidFor - timeLeft;
            if (wait <= TimeSpan.Zero)
            {
                await expiring.CancelAsync().ConfigureAwait(false);
                return;
            }

            await Task.Delay(wait, _queue.Time, expiring.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
