namespace ConfigClients.Recipes;

/// <summary>How a contender takes part: in a lock, a semaphore, a read-write lock, an election.</summary>
public sealed class ContenderOptions
{
    /// <summary>
    /// How long a place outlives its process. 10 s to 40 s; default 15 s. Contenders of one store object with the same TTL share one session.
    /// </summary>
    public TimeSpan SessionTtl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A session of the same store to use instead of the shared one. It stays yours: nobody else disposes it, and with it everything held through it ends. Default: none.</summary>
    public IStoreSession? Session { get; init; }

    /// <summary>Who is contending, for whoever lists the queue. Default: machine and process id.</summary>
    public string ContenderName { get; init; } = Queueing.SeatInfo.Self;

    /// <summary>The clock for waiting and for reports. Default: the system's. Whether something is held, the store's own clock decides.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;
}
