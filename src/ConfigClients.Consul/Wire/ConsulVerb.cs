namespace ConfigClients.Consul.Wire;

/// <summary>The operations of a transaction that the store uses.</summary>
internal enum ConsulVerb
{
    /// <summary>Fails if the key is missing.</summary>
    Get,

    /// <summary>Fails if the key exists.</summary>
    CheckNotExists,

    /// <summary>Fails if the key is missing or another version.</summary>
    CheckIndex,

    /// <summary>Fails if the key is missing or lives with another session.</summary>
    CheckSession,

    /// <summary>Writes; keeps the session the key lives with.</summary>
    Set,

    /// <summary>Writes and binds to a session; fails if another one holds the key.</summary>
    Lock,

    /// <summary>Deletes; a missing key is no failure.</summary>
    Delete,
}
