namespace ConfigClients.Consul.Wire;

/// <summary>Why one operation of a transaction failed.</summary>
/// <param name="Op">Which one, from 0.</param>
/// <param name="What">Consul's words; there is no code.</param>
internal readonly record struct ConsulTxnError(int Op, string What)
{
    /// <summary>Whether the key was not there.</summary>
    public bool IsMissing => What.EndsWith("doesn't exist", StringComparison.Ordinal);

    /// <summary>Whether the key was there and should not have been.</summary>
    public bool IsExisting => What.EndsWith("exists", StringComparison.Ordinal);
}
