namespace ConfigClients.Configuration;

/// <summary>Which keys of the store are configuration, in which layer, and which prefixes must be watched for that. Immutable.</summary>
internal sealed class LayerSet
{
    private readonly string[] _prefixes;

    private LayerSet(string[] prefixes)
    {
        _prefixes = prefixes;
        Roots = [.. prefixes.Where(prefix => !prefixes.Any(other => prefix != other && ConfigKey.IsBelow(prefix, other)))];
    }

    /// <summary>How many layers there are; a later one wins.</summary>
    public int Count => _prefixes.Length;

    /// <summary>The fewest prefixes that hold all layers.</summary>
    public IReadOnlyList<string> Roots { get; }

    /// <summary>Makes the layers that options describe.</summary>
    /// <exception cref="ArgumentException">A prefix is malformed, comes twice, or needs a name that is not known.</exception>
    public static LayerSet From(DistributedConfigOptions options)
    {
        IEnumerable<string> layers = options.Layers.Count == 0 ? [""] : options.Layers;
        string[] prefixes = [.. layers.Select(layer => Fill(Join(options.Prefix.Trim('/'), layer.Trim('/')), options))];
        foreach (string prefix in prefixes)
        {
            ConfigKey.CheckPrefix(prefix, nameof(options.Layers));
        }

        return prefixes.Distinct(StringComparer.Ordinal).Count() == prefixes.Length
            ? new LayerSet(prefixes)
            : throw new ArgumentException("A layer is there twice.");
    }

    /// <summary>Finds the longest layer that holds a key.</summary>
    /// <param name="key">A key below one of <see cref="Roots"/>.</param>
    /// <param name="relative">The rest of the key, below that layer.</param>
    /// <returns>The layer, or -1.</returns>
    public int Locate(string key, out string relative)
    {
        int found = -1;
        for (int i = 0; i < _prefixes.Length; i++)
        {
            if (ConfigKey.IsBelow(key, _prefixes[i]) && (found < 0 || _prefixes[i].Length > _prefixes[found].Length))
            {
                found = i;
            }
        }

        relative = found < 0 ? "" : _prefixes[found].Length == 0 ? key : key[(_prefixes[found].Length + 1)..];
        return found;
    }

    private static string Join(string prefix, string layer) =>
        prefix.Length == 0 ? layer : layer.Length == 0 ? prefix : $"{prefix}/{layer}";

    private static string Fill(string prefix, DistributedConfigOptions options) =>
        Fill(Fill(prefix, "{environment}", options.Environment), "{application}", options.Application);

    private static string Fill(string prefix, string name, string? value) =>
        !prefix.Contains(name, StringComparison.Ordinal) ? prefix
        : string.IsNullOrEmpty(value) ? throw new ArgumentException($"A layer names {name}, which is not known here; set it in the options.")
        : prefix.Replace(name, value, StringComparison.Ordinal);
}
