namespace ConfigClients;

/// <summary>Why a session is over.</summary>
public enum SessionEndReason
{
    /// <summary>It is not over.</summary>
    None,

    /// <summary>This process closed it.</summary>
    Closed,

    /// <summary>No heartbeat was confirmed in time; decided by this process's own clock.</summary>
    DeadlinePassed,

    /// <summary>The store said that it is gone: expired there, or ended by an operator.</summary>
    EndedByStore,
}
