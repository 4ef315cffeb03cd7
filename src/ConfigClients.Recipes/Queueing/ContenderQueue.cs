using ConfigClients.Adapters;

namespace ConfigClients.Recipes.Queueing;

/// <summary>The queue behind lock, semaphore, read-write lock and election: seats ordered by their create revision. Thread-safe.</summary>
/// <remarks>
/// A contender sits down, looks who is ahead, and waits for a fact about the whole queue, never for an event or a count: watches may merge a join and a leave.
/// A write whose outcome is unknown is found again by the seat's name, which is used once; if its contender gives up, the seat is removed in the background.
/// </remarks>
internal sealed class ContenderQueue
{
    private static readonly TimeSpan UnwatchedTime = TimeSpan.FromSeconds(1);

    private readonly IConfigStore _store;
    private readonly ISeatStore? _seats;
    private readonly ContenderOptions _options;
    private readonly QueueWait _waiting;

    public ContenderQueue(IConfigStore store, string name, ContenderOptions? options)
    {
        ArgumentNullException.ThrowIfNull(store);
        ConfigKey.Check(name);
        _store = store;
        _seats = store as ISeatStore;
        Name = name;
        _options = options ?? new ContenderOptions();
        View = new QueueView(store, name, _options.Time);
        _waiting = new QueueWait(this, _seats);
    }

    /// <summary>The prefix that the seats lie below.</summary>
    public string Name { get; }

    /// <summary>The watch of the queue.</summary>
    public QueueView View { get; }

    /// <summary>The clock.</summary>
    public TimeProvider Time => _options.Time;

    /// <summary>Sits down and waits until it is this contender's turn.</summary>
    /// <param name="suffix">What the seat's name ends with: the kind of contender.</param>
    /// <param name="payload">What the seat holds; null for who and since when.</param>
    /// <param name="turn">When it is his turn.</param>
    /// <param name="timeout">How long to wait, the store's own calls not counted; null for ever. Zero looks once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The seat, or null when the time was up. Nothing is left behind then.</returns>
    public async Task<LockHandle?> EnterAsync(
        string suffix, ReadOnlyMemory<byte>? payload, Turn turn, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        long startedAt = Time.GetTimestamp();
        bool hasWaited = false;
        while (true)
        {
            IStoreSession session;
            Seat seat;
            QueueState? seen;
            try
            {
                session = _options.Session ?? await SharedSessions.Of(_store).GetAsync(_options.SessionTtl, cancellationToken).ConfigureAwait(false);
                (seat, seen) = await SitDownAsync(session, suffix, payload ?? new SeatInfo(_options.ContenderName, Time.GetUtcNow()).ToBytes(), cancellationToken).ConfigureAwait(false);
            }
            catch (StoreException e) when (e.Error == StoreError.SessionEnded && _options.Session is null)
            {
                // Lost since it was looked up, as in a process that was stopped here. What may have been written goes with it.
                continue;
            }
            catch (StoreException e) when (e.IsTransient && hasWaited && !(Time.GetElapsedTime(startedAt) > timeout))
            {
                // Its place went with its session. An outage does not end a wait.
                await Task.Delay(TimeSpan.FromMilliseconds(250 + Random.Shared.Next(500)), Time, cancellationToken).ConfigureAwait(false);
                continue;
            }

            hasWaited = true;
            bool? isIn;
            try
            {
                TimeSpan? left = timeout is { } limit ? TimeSpan.FromTicks(Math.Max(0, (limit - Time.GetElapsedTime(startedAt)).Ticks)) : null;
                isIn = await _waiting.WaitAsync(seat, seen, turn, left, cancellationToken).ConfigureAwait(false);
            }
            catch
            {
                SeatRemoval.Begin(_store, seat, Time);
                throw;
            }

            if (isIn == true)
            {
                return new LockHandle(_store, this, seat);
            }

            // Awaited: the next try of this contender must not find its own old seat ahead.
            await StandUpAsync(seat).ConfigureAwait(false);
            if (isIn == false)
            {
                return null;
            }

            if (_options.Session is { State: SessionState.Lost })
            {
                throw new StoreException(StoreError.SessionEnded, $"Session {session.Id} ended while its contender waited in \"{Name}\".");
            }
        }
    }

    /// <summary>The seats, the oldest first.</summary>
    public async Task<QueueState> ReadAsync(CancellationToken cancellationToken)
    {
        ConfigSnapshot snapshot = await _store.ListAsync(Name, cancellationToken).ConfigureAwait(false);
        return new QueueState(snapshot.Entries, snapshot.Revision);
    }

    /// <summary>Lets go of a seat; if the store cannot be reached, goes on trying in the background.</summary>
    public async ValueTask StandUpAsync(Seat seat)
    {
        try
        {
            if (_seats is not null)
            {
                await _seats.StandUpAsync(seat.Key, seat.Session).ConfigureAwait(false);
            }
            else
            {
                await _store.DeleteAsync(seat.Key, Condition.HeldBy(seat.Session)).ConfigureAwait(false);
            }
        }
        catch (StoreException e) when (e.Error == StoreError.SessionEnded)
        {
            // It goes with its session.
        }
        catch (Exception e) when (e is StoreException or ObjectDisposedException)
        {
            SeatRemoval.Begin(_store, seat, Time);
        }
    }

    /// <summary>Waits until somebody has deleted a seat. Nothing is asked for a moment: whoever sits for a shorter time is covered by the session.</summary>
    /// <returns>True when it is gone; false when it was given up within that moment, which costs no exception: most holds are short.</returns>
    /// <exception cref="StoreException">Watching is refused.</exception>
    public async Task<bool> WatchAsync(Seat seat, CancellationToken cancellationToken)
    {
        await Task.Delay(UnwatchedTime, Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (cancellationToken.IsCancellationRequested)
        {
            return false;
        }

        if (_seats is not null)
        {
            await _seats.WaitUntilGoneAsync(seat.Key, seat.Token, cancellationToken).ConfigureAwait(false);
            return true;
        }

        View.Enter();
        try
        {
            await View.UntilAsync(state => state.Find(seat) == SeatStanding.Gone, cancellationToken).ConfigureAwait(false);
            return true;
        }
        finally
        {
            View.Leave();
        }
    }

    private async Task<(Seat Seat, QueueState? Seen)> SitDownAsync(IStoreSession session, string suffix, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        string key = $"{Name}/{session.Id}-{SharedSessions.NextSeat():x}{suffix}";
        Exception? unknown = null;
        while (true)
        {
            try
            {
                SeatTaken taken = _seats is null
                    ? new SeatTaken(await _store.SetAsync(key, payload, Condition.Absent, session, cancellationToken).ConfigureAwait(false), null)
                    : await _seats.SitDownAsync(Name, key, payload, session, cancellationToken).ConfigureAwait(false);
                if (taken.Write.Applied)
                {
                    return (new Seat(key, session, taken.Write.Revision.Number), taken.Queue is { } queue ? new QueueState(queue.Entries, queue.Revision) : null);
                }

                // Nobody else uses this name: a try whose answer was lost has arrived.
                if (await _store.GetAsync(key, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    return entry.SessionId == session.Id
                        ? (new Seat(key, session, entry.CreateRevision), null)
                        : throw new StoreException(StoreError.InvalidRequest, $"The seat \"{key}\" belongs to somebody else.");
                }
            }
            catch (StoreException e) when (e.MayHaveApplied && unknown is null)
            {
                // Once more under the same name: then it stands once, whatever became of the first.
                unknown = e;
            }
            catch (Exception e) when (e is OperationCanceledException or StoreException && (unknown is not null || e is OperationCanceledException or StoreException { MayHaveApplied: true }))
            {
                SeatRemoval.Begin(_store, new Seat(key, session, 0), Time);
                throw;
            }
        }
    }
}
