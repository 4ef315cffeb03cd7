using ConfigClients.Adapters;

namespace ConfigClients.Recipes.Queueing;

/// <summary>How a contender waits for its turn. Thread-safe.</summary>
/// <remarks>
/// Where the store offers it, by waiting for one seat at a time, so that what a hand-over costs does not grow with the queue. Otherwise, and where no single seat decides,
/// by a watch of the whole queue, which all contenders of one lock object share.
/// </remarks>
internal sealed class QueueWait(ContenderQueue queue, ISeatStore? seats)
{
    /// <summary>How many of one process wait apart; more than these share a watch of the queue.</summary>
    private const int MostApart = 4;

    private int _waiting;

    /// <summary>Whether it is the seat's turn: true; false when the time is up; null when the seat is gone.</summary>
    public async Task<bool?> WaitAsync(Seat seat, QueueState? seen, Turn turn, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        if (seen is not null && Judge(seen, seat, turn) is { } atOnce)
        {
            return atOnce;
        }

        if (timeout == TimeSpan.Zero)
        {
            // Asks the store itself: a view may be out of date for as long as an outage lasts.
            seen ??= await queue.ReadAsync(cancellationToken).ConfigureAwait(false);
            return Judge(seen, seat, turn) ?? (seen.Find(seat) == SeatStanding.Stands ? false : null);
        }

        using CancellationTokenSource late = new(timeout ?? Timeout.InfiniteTimeSpan, queue.Time);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(late.Token, seat.Session.Lost, cancellationToken);
        bool mayWaitApart = turn.Blocker is not null && seats is not null;
        bool isSingle = mayWaitApart && Interlocked.Increment(ref _waiting) <= MostApart;
        try
        {
            if (seen is null && (isSingle || !queue.View.IsLive))
            {
                seen = await InsistAsync(queue.ReadAsync, any.Token).ConfigureAwait(false);
            }

            return seen is not null && Judge(seen, seat, turn) is { } known ? known
                : isSingle ? await FollowSeatsAsync(seat, seen!, turn, any.Token).ConfigureAwait(false)
                : await FollowViewAsync(seat, turn, any.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested && any.IsCancellationRequested)
        {
            return seat.Session.State == SessionState.Lost ? null : false;
        }
        finally
        {
            if (mayWaitApart)
            {
                Interlocked.Decrement(ref _waiting);
            }
        }
    }

    /// <summary>Waits for one seat ahead after another, so that what a hand-over costs does not grow with the queue.</summary>
    private async Task<bool?> FollowSeatsAsync(Seat seat, QueueState seen, Turn turn, CancellationToken cancellationToken)
    {
        int near = seats!.WatchedSeats;
        IReadOnlyList<ConfigEntry> ahead = seen.Ahead(seat);
        bool isThere = seen.Find(seat) == SeatStanding.Stands;
        while (isThere)
        {
            if (ahead.Count <= near)
            {
                return await FollowViewAsync(seat, turn, cancellationToken).ConfigureAwait(false);
            }

            ConfigEntry next = near > 0 ? ahead[^(near + 1)] : turn.Blocker!(ahead);
            queue.View.EndIdle();
            if (!await UntilGoneAsync(next, seat, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }

            // Nobody can sit down ahead. If this one was all that was missing, another look could tell nothing new.
            ahead = [.. ahead.Where(other => other != next)];
            if (!turn.IsIn(ahead))
            {
                HashSet<string> keys = [.. await InsistAsync(token => seats.ListKeysAsync(queue.Name, token).AsTask(), cancellationToken).ConfigureAwait(false)];
                ahead = [.. ahead.Where(other => keys.Contains(other.Key))];
                isThere = keys.Contains(seat.Key);
            }

            if (isThere && turn.IsIn(ahead))
            {
                return seat.Session.State == SessionState.Lost ? null : true;
            }
        }

        return null;
    }

    /// <summary>True when a seat ahead is gone; false when it is the waiter's own, which somebody deleted.</summary>
    private async Task<bool> UntilGoneAsync(ConfigEntry ahead, Seat own, CancellationToken cancellationToken)
    {
        CancellationTokenSource over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task[] waits = [seats!.WaitUntilGoneAsync(ahead.Key, ahead.CreateRevision, over.Token).AsTask(), queue.WatchAsync(own, over.Token)];
        Task first = await Task.WhenAny(waits).ConfigureAwait(false);
        _ = EndAsync(over, waits);
        await first.ConfigureAwait(false);
        cancellationToken.ThrowIfCancellationRequested();
        return first == waits[0];
    }

    /// <summary>Ends what is not waited for any more. Not awaited: somebody else's turn may have come by it.</summary>
    private static async Task EndAsync(CancellationTokenSource over, Task[] waits)
    {
        using (over)
        {
            await over.CancelAsync().ConfigureAwait(false);
            await Task.WhenAll(waits).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<bool?> FollowViewAsync(Seat seat, Turn turn, CancellationToken cancellationToken)
    {
        bool isLong = false;
        queue.View.Enter();
        try
        {
            QueueState state = await queue.View.UntilAsync(
                state => Judge(state, seat, turn) is not null || state.Find(seat) == SeatStanding.Gone, cancellationToken).ConfigureAwait(false);
            isLong = turn.Blocker is not null && state.Seats.Count > (seats?.WatchedSeats ?? int.MaxValue);
            return Judge(state, seat, turn);
        }
        finally
        {
            queue.View.Leave();
            if (isLong)
            {
                // Who sits down again will stand far behind, and who does not should hear no more of so many.
                queue.View.EndIdle();
            }
        }
    }

    /// <summary>Reads until it succeeds: who sits in the queue goes on waiting through an outage.</summary>
    private async Task<T> InsistAsync<T>(Func<CancellationToken, Task<T>> read, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await read(cancellationToken).ConfigureAwait(false);
            }
            catch (StoreException e) when (e.IsTransient)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(250 + Random.Shared.Next(500)), queue.Time, cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>True if it is the seat's turn; null if not, or not known.</summary>
    private static bool? Judge(QueueState state, Seat seat, Turn turn) =>
        state.Find(seat) == SeatStanding.Stands && seat.Session.State != SessionState.Lost && turn.IsIn(state.Ahead(seat)) ? true : null;
}
