namespace ConfigClients.Consul.Wire;

/// <summary>The part of a listing that lies below a prefix. No copy: keys below a prefix stand together.</summary>
internal static class ConsulWatchRange
{
    /// <summary>Cuts the part out.</summary>
    /// <param name="entries">A listing, sorted.</param>
    /// <param name="prefix">The prefix; not empty.</param>
    public static IReadOnlyList<ConfigEntry> Below(IReadOnlyList<ConfigEntry> entries, string prefix)
    {
        // '0' follows '/', so every key below the prefix stands between the two.
        int start = LowerBound(entries, prefix + "/");
        int end = LowerBound(entries, prefix + "0");
        return entries switch
        {
            _ when start == end => [],
            ConfigEntry[] array => new ArraySegment<ConfigEntry>(array, start, end - start),
            _ => [.. entries.Skip(start).Take(end - start)],
        };
    }

    private static int LowerBound(IReadOnlyList<ConfigEntry> entries, string key)
    {
        int low = 0;
        int high = entries.Count;
        while (low < high)
        {
            int middle = (low + high) >>> 1;
            if (ConfigKey.Compare(entries[middle].Key, key) < 0)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return low;
    }
}
