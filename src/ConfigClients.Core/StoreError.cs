namespace ConfigClients;

/// <summary>Why an operation failed. The same words for every store.</summary>
public enum StoreError
{
    /// <summary>The store could not be reached, did not answer in time, or has no leader. Worth another try.</summary>
    Unavailable,

    /// <summary>The store asks for fewer requests, or has no free connection for this client. Worth another try, later.</summary>
    Throttled,

    /// <summary>The credential is missing, wrong or revoked, or may not do this.</summary>
    Denied,

    /// <summary>The store refused the size, although it is within the contract's limits (it is set lower there).</summary>
    TooLarge,

    /// <summary>The session is over; nothing was written under it.</summary>
    SessionEnded,

    /// <summary>The store has no room left.</summary>
    StoreFull,

    /// <summary>The store refused the request as malformed or not allowed for this key.</summary>
    InvalidRequest,

    /// <summary>This server cannot do that (an enterprise feature, an unknown data centre, too old).</summary>
    Unsupported,

    /// <summary>The answer does not follow the protocol: a broken server, or something else answers at this address.</summary>
    ProtocolViolation,

    /// <summary>What is stored cannot be read: a damaged file.</summary>
    Corrupt,
}
