namespace ConfigClients;

/// <summary>A lifetime in the store, kept up by heartbeats. Keys bound to it vanish when it ends.</summary>
/// <remarks>
/// Loss is decided by this process's own monotonic clock, counted from when the last confirmed heartbeat was <em>sent</em>,
/// so this side gives up before the store can hand anything to others, whether or not the store can be reached.
/// Loss is final; open a new session and take everything anew. Disposing ends the session in the store (best effort,
/// within the request time-out) and deletes its keys. All members are safe to use from several threads.
/// </remarks>
public interface IStoreSession : IAsyncDisposable
{
    /// <summary>The store's name for the session; also in <see cref="ConfigEntry.SessionId"/> of its keys.</summary>
    string Id { get; }

    /// <summary>The lifetime the store granted.</summary>
    TimeSpan GrantedTtl { get; }

    /// <summary>Whether the session may be relied on. A clock read: no I/O, right even when nothing else runs.</summary>
    SessionState State { get; }

    /// <summary>How long the session may be relied on if no further heartbeat is confirmed. Zero once lost.</summary>
    TimeSpan ValidFor { get; }

    /// <summary>Why the session is over, or <see cref="SessionEndReason.None"/>.</summary>
    SessionEndReason EndReason { get; }

    /// <summary>Cancelled once when the session is over. Callbacks run on the thread pool.</summary>
    CancellationToken Lost { get; }
}
