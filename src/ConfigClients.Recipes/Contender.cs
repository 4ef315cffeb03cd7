using ConfigClients.Recipes.Queueing;

namespace ConfigClients.Recipes;

/// <summary>One who holds something or waits for it.</summary>
/// <param name="SeatKey">The key of the seat.</param>
/// <param name="SessionId">The session it lives with; null for a seat that somebody wrote without one.</param>
/// <param name="FencingToken">Its place in the order; what a holder's writes carry.</param>
/// <param name="Name">Who, as the contender said; null for a seat of another tool.</param>
/// <param name="Since">Since when, by the contender's own clock; null for a seat of another tool.</param>
/// <param name="IsHolder">Whether it holds.</param>
public sealed record Contender(string SeatKey, string? SessionId, long FencingToken, string? Name, DateTimeOffset? Since, bool IsHolder)
{
    internal static Contender From(ConfigEntry seat, bool isHolder)
    {
        SeatInfo? info = SeatInfo.Read(seat.Value.Span);
        return new Contender(seat.Key, seat.SessionId, seat.CreateRevision, info?.By, info?.At, isHolder);
    }
}
