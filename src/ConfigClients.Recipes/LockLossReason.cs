namespace ConfigClients.Recipes;

/// <summary>Why something is not held any more.</summary>
public enum LockLossReason
{
    /// <summary>It is held.</summary>
    None,

    /// <summary>It was let go.</summary>
    Released,

    /// <summary>No heartbeat was confirmed in time; decided by this process's own clock, before anybody else could get it.</summary>
    DeadlinePassed,

    /// <summary>The store ended the session, or the session was closed.</summary>
    SessionEnded,

    /// <summary>Somebody deleted the seat in the store. Somebody else may have got it in the meantime; fenced writes of this holder are refused.</summary>
    SeatRemoved,
}
