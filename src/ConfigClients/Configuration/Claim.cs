namespace ConfigClients.Configuration;

/// <summary>One key of the store that provides one setting.</summary>
/// <param name="StoreKey">The key.</param>
/// <param name="Value">The value of the setting.</param>
internal sealed record Claim(string StoreKey, string? Value)
{
    /// <summary>The key; never the value.</summary>
    public override string ToString() => StoreKey;
}
