namespace ConfigClients.Recipes.Queueing;

/// <summary>All seats of a queue as of one revision, the oldest first. Immutable.</summary>
/// <param name="seats">The seats, in any order.</param>
/// <param name="revision">The store revision up to which this is known.</param>
internal sealed class QueueState(IEnumerable<ConfigEntry> seats, long revision)
{
    public long Revision { get; } = revision;

    public IReadOnlyList<ConfigEntry> Seats { get; } = [.. seats.OrderBy(static seat => seat.CreateRevision).ThenBy(static seat => seat.Key, StringComparer.Ordinal)];

    /// <summary>The oldest seat; null if there is none.</summary>
    public ConfigEntry? First => Seats.Count > 0 ? Seats[0] : null;

    /// <summary>The seats that were taken before this one.</summary>
    public IReadOnlyList<ConfigEntry> Ahead(Seat seat) => [.. Seats.TakeWhile(other => other.CreateRevision < seat.Token)];

    /// <summary>How the seat stands. What is older than the seat itself says nothing about it.</summary>
    public SeatStanding Find(Seat seat) =>
        Seats.Any(other => other.Key == seat.Key && other.CreateRevision == seat.Token) ? SeatStanding.Stands
        : Revision >= seat.Token ? SeatStanding.Gone
        : SeatStanding.NotYetSeen;
}
