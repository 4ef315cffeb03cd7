namespace ConfigClients;

/// <summary>One write of a <see cref="Transaction"/>.</summary>
/// <param name="Key">The key.</param>
/// <param name="Value">The bytes to set, or null to delete the key.</param>
/// <param name="Session">The session the key lives with, or null for a permanent key.</param>
public readonly record struct TransactionWrite(string Key, ReadOnlyMemory<byte>? Value, IStoreSession? Session)
{
    /// <summary>Whether the key is deleted.</summary>
    public bool IsDelete => Value is null;

    /// <summary>The key; never the value.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => IsDelete ? $"delete {Key}" : $"set {Key}";
}
