namespace ConfigClients;

/// <summary>All entries under a prefix as of one store revision. Immutable.</summary>
/// <param name="prefix">The prefix that was listed; empty for the whole store.</param>
/// <param name="entries">The entries, sorted by <see cref="ConfigKey.Compare"/>, each key once.</param>
/// <param name="revision">The store revision the listing reflects.</param>
public sealed class ConfigSnapshot(string prefix, IReadOnlyList<ConfigEntry> entries, long revision)
{
    /// <summary>The prefix that was listed, without a trailing slash; empty for the whole store.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>The entries below the prefix, sorted by the bytes of their keys.</summary>
    public IReadOnlyList<ConfigEntry> Entries { get; } = entries;

    /// <summary>The store revision the listing reflects: it holds every write up to here.</summary>
    public long Revision { get; } = revision;

    /// <summary>Finds one entry by its full key, in logarithmic time.</summary>
    /// <param name="key">The full key, prefix included.</param>
    /// <returns>The entry, or null.</returns>
    public ConfigEntry? Find(string key)
    {
        ArgumentNullException.ThrowIfNull(key);
        int low = 0;
        int high = Entries.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            int order = ConfigKey.Compare(Entries[middle].Key, key);
            if (order == 0)
            {
                return Entries[middle];
            }

            if (order < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle - 1;
            }
        }

        return null;
    }

    /// <summary>Prefix, count and revision; never a value.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => $"{Prefix}/ ({Entries.Count} entries)@{Revision}";
}
