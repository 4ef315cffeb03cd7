namespace ConfigClients.Consul.Wire;

/// <summary>One operation of a transaction.</summary>
/// <param name="Verb">What to do.</param>
/// <param name="Key">The contract's key.</param>
/// <param name="Value">The bytes, for a set or lock.</param>
/// <param name="Index">The version, for a check of it.</param>
/// <param name="Session">The session, for a check or lock.</param>
internal readonly record struct ConsulOp(
    ConsulVerb Verb, string Key, ReadOnlyMemory<byte> Value = default, long Index = 0, string? Session = null)
{
    /// <summary>Whether it makes a new version of the key.</summary>
    public bool IsSet => Verb is ConsulVerb.Set or ConsulVerb.Lock;
}
