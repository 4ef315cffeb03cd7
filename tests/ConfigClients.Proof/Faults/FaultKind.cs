namespace ConfigClients.Proof.Faults;

/// <summary>What is done to the system.</summary>
public enum FaultKind
{
    /// <summary>A client is stopped for longer than the store can believe in it, and goes on.</summary>
    PauseClient,

    /// <summary>A client is stopped for less than its TTL: it should notice nothing.</summary>
    HoldClientBriefly,

    /// <summary>A client is killed; another one takes its place.</summary>
    KillClient,

    /// <summary>The server is killed and started again on the same data.</summary>
    KillServer,

    /// <summary>The server is killed and started again when every session must be over by the clocks of the clients.</summary>
    KillServerForLong,
}
