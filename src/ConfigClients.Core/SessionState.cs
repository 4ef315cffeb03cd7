namespace ConfigClients;

/// <summary>Whether a session may be relied on, by this process's own clock.</summary>
public enum SessionState
{
    /// <summary>Heartbeats are confirmed.</summary>
    Healthy,

    /// <summary>Heartbeats are overdue; the session still stands, but be ready to stop.</summary>
    Suspended,

    /// <summary>The session is over. Final: what was held through it is no longer yours.</summary>
    Lost,
}
