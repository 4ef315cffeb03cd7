namespace ConfigClients.Recipes.Queueing;

/// <summary>What is known of a seat.</summary>
internal enum SeatStanding
{
    /// <summary>What is known is older than the seat.</summary>
    NotYetSeen,

    /// <summary>It stands.</summary>
    Stands,

    /// <summary>It was there and is no more.</summary>
    Gone,
}
