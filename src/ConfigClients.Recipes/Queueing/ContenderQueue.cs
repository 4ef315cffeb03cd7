namespace ConfigClients.Recipes.Queueing;

/// <summary>The queue behind lock, semaphore, read-write lock and election: seats ordered by their create revision. Thread-safe.</summary>
/// <remarks>
/// A contender sits down, looks who is ahead, and waits for a fact about the whole queue, never for an event or a count: watches may merge a join and a leave.
/// A write whose outcome is unknown is found again by the seat's name, which is used once; if its contender gives up, the seat is removed in the background.
/// </remarks>
internal sealed class ContenderQueue
{
    private readonly IConfigStore _store;
    private readonly ContenderOptions _options;

    public ContenderQueue(IConfigStore store, string name, ContenderOptions? options)
    {
        ArgumentNullException.ThrowIfNull(store);
        ConfigKey.Check(name);
        _store = store;
        Name = name;
        _options = options ?? new ContenderOptions();
        View = new QueueView(store, name, _options.Time);
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
    /// <param name="isTurn">Whether those ahead let him in.</param>
    /// <param name="timeout">How long to wait, the store's own calls not counted; null for ever. Zero looks once.</param>
    /// <param name="cancellationToken">Stops waiting.</param>
    /// <returns>The seat, or null when the time was up. Nothing is left behind then.</returns>
    public async Task<LockHandle?> EnterAsync(
        string suffix, ReadOnlyMemory<byte>? payload, Func<IReadOnlyList<ConfigEntry>, bool> isTurn, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        long startedAt = Time.GetTimestamp();
        while (true)
        {
            IStoreSession session = _options.Session ?? await SharedSessions.Of(_store).GetAsync(_options.SessionTtl, cancellationToken).ConfigureAwait(false);
            Seat seat;
            try
            {
                seat = await SitDownAsync(session, suffix, payload ?? new SeatInfo(_options.ContenderName, Time.GetUtcNow()).ToBytes(), cancellationToken).ConfigureAwait(false);
            }
            catch (StoreException e) when (e.Error == StoreError.SessionEnded && _options.Session is null)
            {
                // Lost since it was looked up, as in a process that was stopped here. What may have been written goes with it.
                continue;
            }

            bool? isIn;
            try
            {
                TimeSpan? left = timeout is { } limit ? TimeSpan.FromTicks(Math.Max(0, (limit - Time.GetElapsedTime(startedAt)).Ticks)) : null;
                isIn = await WaitAsync(seat, isTurn, left, cancellationToken).ConfigureAwait(false);
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
            await _store.DeleteAsync(seat.Key, Condition.HeldBy(seat.Session)).ConfigureAwait(false);
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

    /// <summary>Whether it is the seat's turn: true; false when the time is up; null when the seat is gone.</summary>
    private async Task<bool?> WaitAsync(Seat seat, Func<IReadOnlyList<ConfigEntry>, bool> isTurn, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        // Looking once asks the store itself: a view may be out of date for as long as an outage lasts.
        if (!View.IsLive || timeout == TimeSpan.Zero)
        {
            QueueState now = await ReadAsync(cancellationToken).ConfigureAwait(false);
            if (Judge(now, seat, isTurn) is { } known)
            {
                return known;
            }

            if (timeout == TimeSpan.Zero)
            {
                return now.Find(seat) == SeatStanding.Stands ? false : null;
            }
        }

        using CancellationTokenSource late = new(timeout ?? Timeout.InfiniteTimeSpan, Time);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(late.Token, seat.Session.Lost, cancellationToken);
        View.Enter();
        try
        {
            QueueState state = await View.UntilAsync(
                state => Judge(state, seat, isTurn) is not null || state.Find(seat) == SeatStanding.Gone, any.Token).ConfigureAwait(false);
            return Judge(state, seat, isTurn);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && any.IsCancellationRequested)
        {
            return seat.Session.State == SessionState.Lost ? null : false;
        }
        finally
        {
            View.Leave();
        }
    }

    /// <summary>True if it is the seat's turn; null if not, or not known.</summary>
    private static bool? Judge(QueueState state, Seat seat, Func<IReadOnlyList<ConfigEntry>, bool> isTurn) =>
        state.Find(seat) == SeatStanding.Stands && seat.Session.State != SessionState.Lost && isTurn(state.Ahead(seat)) ? true : null;

    private async Task<Seat> SitDownAsync(IStoreSession session, string suffix, ReadOnlyMemory<byte> payload, CancellationToken cancellationToken)
    {
        string key = $"{Name}/{session.Id}-{SharedSessions.NextSeat():x}{suffix}";
        Exception? unknown = null;
        while (true)
        {
            try
            {
                WriteResult result = await _store.SetAsync(key, payload, Condition.Absent, session, cancellationToken).ConfigureAwait(false);
                if (result.Applied)
                {
                    return new Seat(key, session, result.Revision.Number);
                }

                // Nobody else uses this name: a try whose answer was lost has arrived.
                if (await _store.GetAsync(key, cancellationToken).ConfigureAwait(false) is { } entry)
                {
                    return entry.SessionId == session.Id
                        ? new Seat(key, session, entry.CreateRevision)
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
