namespace ConfigClients.Recipes.Queueing;

/// <summary>Removes a seat that nobody wants any more, however long it takes; for a seat whose writing is still under way, more than once.</summary>
/// <remarks>Ends when the seat's session does: its seats go with it. Until then a seat left behind would keep everybody waiting.</remarks>
internal static class SeatRemoval
{
    private static readonly TimeSpan[] Passes = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <summary>Begins; returns at once.</summary>
    /// <param name="store">The store.</param>
    /// <param name="seat">The seat; one that was not seen to stand has the token 0.</param>
    /// <param name="time">The clock.</param>
    /// <param name="condition">What the seat is known by, where its name may be used again. Default: its session.</param>
    public static void Begin(IConfigStore store, Seat seat, TimeProvider time, Condition? condition = null) =>
        _ = Task.Run(() => RunAsync(store, seat, time, condition ?? Condition.HeldBy(seat.Session)));

    private static async Task RunAsync(IConfigStore store, Seat seat, TimeProvider time, Condition condition)
    {
        foreach (TimeSpan pause in Passes)
        {
            await Task.Delay(pause, time).ConfigureAwait(false);
            while (!await TryAsync(store, seat, condition).ConfigureAwait(false))
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200 + Random.Shared.Next(400)), time).ConfigureAwait(false);
            }

            // One that was seen to stand cannot come back.
            if (seat.Token != 0)
            {
                return;
            }
        }
    }

    private static async Task<bool> TryAsync(IConfigStore store, Seat seat, Condition condition)
    {
        if (seat.Session.State == SessionState.Lost)
        {
            return true;
        }

        try
        {
            await store.DeleteAsync(seat.Key, condition).ConfigureAwait(false);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return true;
        }
        catch (StoreException e)
        {
            return !e.IsTransient && e.Error != StoreError.ProtocolViolation;
        }
    }
}
