namespace ConfigClients.Consul.Wire;

/// <summary>Addresses that were asked for lately, ready made: most reads ask for the same few keys. Bounded; thread-safe.</summary>
internal sealed class ConsulTargets
{
    private const int Places = 512;
    private const int LongestPath = 256;

    private static readonly UriCreationOptions AsWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    private readonly Target?[] _targets = new Target?[Places];

    /// <summary>The address of a path, exactly as it is written.</summary>
    /// <param name="root">Scheme, host and port.</param>
    /// <param name="path">Path and query, escaped.</param>
    /// <param name="placement">What follows every query.</param>
    public Uri Find(string root, string path, string placement)
    {
        if (path.Length > LongestPath)
        {
            return new Uri(root + path + placement, AsWritten);
        }

        // Replaced whole, and its parts never change: a race costs an address made twice.
        ref Target? place = ref _targets[(uint)path.GetHashCode(StringComparison.Ordinal) % Places];
        Target? target = Volatile.Read(ref place);
        if (target is null || !ReferenceEquals(target.Root, root) || target.Path != path)
        {
            target = new Target(root, path, new Uri(root + path + placement, AsWritten));
            Volatile.Write(ref place, target);
        }

        return target.Uri;
    }

    private sealed record Target(string Root, string Path, Uri Uri);
}
