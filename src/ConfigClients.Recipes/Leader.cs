namespace ConfigClients.Recipes;

/// <summary>Who leads.</summary>
/// <param name="Term">The term: rises from leader to leader. The leader's fencing token.</param>
/// <param name="Payload">What the leader says about itself; by default its name and since when, as JSON.</param>
/// <param name="SessionId">The leader's session.</param>
public sealed record Leader(long Term, ReadOnlyMemory<byte> Payload, string? SessionId)
{
    internal static Leader? From(ConfigEntry? seat) => seat is null ? null : new Leader(seat.CreateRevision, seat.Value, seat.SessionId);

    internal bool IsSame(Leader? other) => other is not null && Term == other.Term && Payload.Span.SequenceEqual(other.Payload.Span);
}
