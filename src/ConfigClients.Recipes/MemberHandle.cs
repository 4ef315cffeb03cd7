using ConfigClients.Recipes.Queueing;

namespace ConfigClients.Recipes;

/// <summary>This process's place in a group. Comes back by itself after a loss, with a new epoch. Dispose it to leave. Thread-safe.</summary>
public sealed class MemberHandle : IAsyncDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly IConfigStore _store;
    private readonly ContenderOptions _options;
    private readonly string _key;
    private ReadOnlyMemory<byte> _payload;
    private Seat? _seat;
    private Task _staying = Task.CompletedTask;

    internal MemberHandle(IConfigStore store, string key, string id, ReadOnlyMemory<byte> payload, ContenderOptions options)
    {
        _store = store;
        _key = key;
        Id = id;
        _payload = payload.ToArray();
        _options = options;
    }

    /// <summary>Who.</summary>
    public string Id { get; }

    /// <summary>The epoch under which the member was last in the group. Rises with every return.</summary>
    public long Epoch => Volatile.Read(ref _seat)?.Token ?? 0;

    /// <summary>Whether the member is in the group. A clock read: no I/O.</summary>
    public bool IsMember => Volatile.Read(ref _seat) is { } seat && seat.Session.State != SessionState.Lost && !_leave.IsCancellationRequested;

    /// <summary>Cancelled when the present place in the group is lost. After a return, ask again.</summary>
    public CancellationToken Lost => Volatile.Read(ref _seat)?.Session.Lost ?? new CancellationToken(canceled: true);

    /// <summary>Called on the thread pool with the new epoch each time the member has come back after a loss.</summary>
    public event Action<long>? Returned;

    /// <summary>Makes a transaction depend on this member's being in the group under its present epoch.</summary>
    /// <param name="transaction">The transaction; takes one operation more.</param>
    /// <returns>The same transaction.</returns>
    /// <exception cref="StoreException"><see cref="StoreError.SessionEnded"/>: the member is not in the group now.</exception>
    public Transaction Guard(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return Volatile.Read(ref _seat) is { } seat
            ? transaction.Require(_key, Condition.HeldBy(seat.Session))
            : throw new StoreException(StoreError.SessionEnded, $"Member \"{Id}\" is not in its group; nothing was sent.");
    }

    /// <summary>Changes what the member says about itself; everybody is told. Holds for later returns, too.</summary>
    /// <param name="payload">The bytes, up to 350 KiB; copied before this returns.</param>
    /// <param name="cancellationToken">Stops waiting; the write may still have been applied.</param>
    /// <returns>Whether the store has it now. False: the member is out for the moment, and says so when it returns.</returns>
    /// <exception cref="StoreException">As for <see cref="IConfigStore.SetAsync"/>.</exception>
    public async Task<bool> UpdateAsync(ReadOnlyMemory<byte> payload, CancellationToken cancellationToken = default)
    {
        byte[] copy = payload.ToArray();
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _payload = copy;
            return IsMember && Volatile.Read(ref _seat) is { } seat
                && (await _store.SetAsync(_key, copy, Condition.HeldBy(seat.Session), seat.Session, cancellationToken).ConfigureAwait(false)).Applied;
        }
        catch (StoreException e) when (e.Error == StoreError.SessionEnded)
        {
            return false;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Leaves the group: one round trip. If the store cannot be reached, the place goes when it can be, or with its session.</summary>
    /// <returns>When the store has confirmed, or cannot be reached.</returns>
    public async ValueTask DisposeAsync()
    {
        if (_leave.IsCancellationRequested)
        {
            return;
        }

        await _leave.CancelAsync().ConfigureAwait(false);
        await _staying.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_seat is { } seat && seat.Session.State != SessionState.Lost)
        {
            try
            {
                await _store.DeleteAsync(_key, Condition.HeldBy(seat.Session)).ConfigureAwait(false);
            }
            catch (Exception e) when (e is StoreException or ObjectDisposedException)
            {
                SeatRemoval.Begin(_store, seat, _options.Time);
            }
        }
    }

    /// <summary>The session the member lives with now; null while it is out.</summary>
    internal IStoreSession? Session => IsMember ? Volatile.Read(ref _seat)?.Session : null;

    internal async Task StartAsync(CancellationToken cancellationToken)
    {
        await EnterAsync(isFirst: true, cancellationToken).ConfigureAwait(false);
        _staying = Task.Run(StayAsync, CancellationToken.None);
    }

    private async Task StayAsync()
    {
        while (!_leave.IsCancellationRequested)
        {
            await UntilOutAsync(_seat!).ConfigureAwait(false);
            if (!_leave.IsCancellationRequested)
            {
                await EnterAsync(isFirst: false, _leave.Token).ConfigureAwait(false);
                long epoch = Epoch;

                // Not here: a handler that throws must not end this loop, and one that leaves the group waits for it.
                _ = Task.Run(() => Returned?.Invoke(epoch));
            }
        }
    }

    /// <summary>Waits until the session is lost, or somebody deleted the key: looked at once per heartbeat.</summary>
    private async Task UntilOutAsync(Seat seat)
    {
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(seat.Session.Lost, _leave.Token);
        while (!either.IsCancellationRequested)
        {
            await Task.Delay(seat.Session.GrantedTtl / 3, _options.Time, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            try
            {
                if (!either.IsCancellationRequested && (await _store.GetAsync(_key, either.Token).ConfigureAwait(false))?.CreateRevision != seat.Token)
                {
                    return;
                }
            }
            catch (Exception e) when (e is StoreException or OperationCanceledException)
            {
                // Not known; the session decides.
            }
        }
    }

    private async Task EnterAsync(bool isFirst, CancellationToken cancellationToken)
    {
        TimeSpan pause = TimeSpan.FromMilliseconds(100);
        IStoreSession? unsure = null;
        try
        {
            while (true)
            {
                IStoreSession? session = null;
                try
                {
                    session = _options.Session ?? await SharedSessions.Of(_store).GetAsync(_options.SessionTtl, cancellationToken).ConfigureAwait(false);
                    if (await TryEnterAsync(session, unsure == session, cancellationToken).ConfigureAwait(false) is { } seat)
                    {
                        Volatile.Write(ref _seat, seat);
                        return;
                    }
                }
                catch (StoreException e) when (!isFirst || e.MayHaveApplied || (e.Error == StoreError.SessionEnded && _options.Session is null))
                {
                    // Out for longer, then; or in already, which the next try finds out. A shared session that was lost meanwhile is opened anew.
                    unsure = e.MayHaveApplied ? session : unsure;
                }

                // The id is taken: by a predecessor whose session has not ended yet, as a rule.
                pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 2, TimeSpan.TicksPerSecond * 2));
                await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), _options.Time, cancellationToken).ConfigureAwait(false);
            }
        }
        catch when (unsure is not null)
        {
            SeatRemoval.Begin(_store, new Seat(_key, unsure, 0), _options.Time);
            throw;
        }
    }

    private async Task<Seat?> TryEnterAsync(IStoreSession session, bool mayBeIn, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // Not cancelled with its caller: its answer says which place has to be given back, under an id that others may use as well.
            Task<WriteResult> writing = _store.SetAsync(_key, _payload, Condition.Absent, session, CancellationToken.None).AsTask();
            try
            {
                await writing.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                _ = GiveBackAsync(writing, session);
                throw;
            }

            WriteResult result = await writing.ConfigureAwait(false);
            if (result.Applied)
            {
                return new Seat(_key, session, result.Revision.Number);
            }

            // There already: by a try whose answer was lost, or by somebody else, who may share the session.
            ConfigEntry? entry = mayBeIn ? await _store.GetAsync(_key, cancellationToken).ConfigureAwait(false) : null;
            return entry is not null && entry.SessionId == session.Id && entry.Value.Span.SequenceEqual(_payload.Span)
                ? new Seat(_key, session, entry.CreateRevision)
                : null;
        }
        finally
        {
            _writing.Release();
        }
    }

    /// <summary>Gives a place back that nobody waits for any more, if it comes about.</summary>
    private async Task GiveBackAsync(Task<WriteResult> writing, IStoreSession session)
    {
        try
        {
            if (await writing.ConfigureAwait(false) is { Applied: true } result)
            {
                SeatRemoval.Begin(_store, new Seat(_key, session, result.Revision.Number), _options.Time, Condition.UnchangedSince(result.Revision));
            }
        }
        catch (StoreException e) when (e.MayHaveApplied)
        {
            // Who has joined under the same id and session by then comes back by himself.
            SeatRemoval.Begin(_store, new Seat(_key, session, 0), _options.Time);
        }
        catch (Exception e) when (e is StoreException or ObjectDisposedException)
        {
            // It did not come about.
        }
    }
}
