namespace ConfigClients;

/// <summary>One key that was written or deleted.</summary>
/// <param name="Key">The key.</param>
/// <param name="Entry">Its newest version, or null if it was deleted.</param>
public readonly record struct ConfigChange(string Key, ConfigEntry? Entry)
{
    /// <summary>Whether the key is gone.</summary>
    public bool IsDelete => Entry is null;

    /// <summary>Key and revision; never the value.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => Entry is null ? $"{Key} deleted" : Entry.ToString();
}
