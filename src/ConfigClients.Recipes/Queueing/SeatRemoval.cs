namespace ConfigClients.Recipes.Queueing;

/// <summary>Removes a seat that nobody wants any more, however long it takes; for a seat whose writing is still under way, more than once.</summary>
/// <remarks>Ends when the seat's session does: its seats go with it. Until then a seat left behind would keep everybody waiting.</remarks>
internal static class SeatRemoval
{
    private static readonly TimeSpan[] Passes = [TimeSpan.Zero, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(5)];

    /// <summary>Begins; returns at once.</summary>
    public static void Begin(IConfigStore store, Seat seat, TimeProvider time) => _ = Task.Run(() => RunAsync(store, seat, time));

    private static async Task RunAsync(IConfigStore store, Seat seat, TimeProvider time)
    {
        foreach (TimeSpan pause in Passes)
        {
            await Task.Delay(pause, time).ConfigureAwait(false);
            while (!await TryAsync(store, seat).ConfigureAwait(false))
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

    private static async Task<bool> TryAsync(IConfigStore store, Seat seat)
    {
        if (seat.Session.State == SessionState.Lost)
        {
            return true;
        }

        try
        {
            await store.DeleteAsync(seat.Key, Condition.HeldBy(seat.Session)).ConfigureAwait(false);
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
