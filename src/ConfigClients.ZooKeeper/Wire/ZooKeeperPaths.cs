using System.Buffers;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What a path must look like, and how paths of the client and of the server differ: by the chroot.</summary>
internal static class ZooKeeperPaths
{
    // The ranges that a server refuses; surrogates are among them, so no character beyond U+FFFF gets through.
    private static readonly SearchValues<char> Refused = SearchValues.Create(
    [
        .. Range('\u0000', '\u001f'), .. Range('\u007f', '\u009f'), .. Range('\ud800', '\uf8ff'), .. Range('\ufff0', '\uffff'),
    ]);

    /// <summary>Refuses what no server takes.</summary>
    /// <param name="path">The path.</param>
    /// <param name="mayEndWithSlash">Whether the server appends a name.</param>
    /// <exception cref="ArgumentException">It is no path.</exception>
    public static void Check(string path, bool mayEndWithSlash = false)
    {
        ArgumentNullException.ThrowIfNull(path);
        if (Fault(path, mayEndWithSlash) is { } fault)
        {
            throw new ArgumentException($"A path {fault}.", nameof(path));
        }
    }

    /// <summary>The client's path for one of the server's, or null if it lies outside the chroot.</summary>
    public static string? Strip(string chroot, string path)
    {
        if (chroot.Length == 0)
        {
            return path;
        }

        return !path.StartsWith(chroot, StringComparison.Ordinal) ? null
            : path.Length == chroot.Length ? "/"
            : path[chroot.Length] == '/' ? path[chroot.Length..]
            : null;
    }

    /// <summary>The path of the parent; of the root it is null.</summary>
    public static ReadOnlySpan<char> Parent(ReadOnlySpan<char> path) =>
        path.Length <= 1 ? default : path.LastIndexOf('/') is > 0 and var slash ? path[..slash] : "/";

    private static string? Fault(string path, bool mayEndWithSlash)
    {
        if (path.Length == 0 || path[0] != '/')
        {
            return "starts with a slash";
        }

        ReadOnlySpan<char> rest = path.AsSpan(1);
        if (rest.IsEmpty)
        {
            return null;
        }

        if (mayEndWithSlash && rest[^1] == '/')
        {
            rest = rest[..^1];
        }

        if (rest.ContainsAny(Refused))
        {
            return "holds no control character, no private one, and none beyond U+FFFF";
        }

        while (true)
        {
            int slash = rest.IndexOf('/');
            switch (slash < 0 ? rest : rest[..slash])
            {
                case []:
                    return "has no empty segment and no slash at its end";
                case ['.'] or ['.', '.']:
                    return "has no segment \".\" or \"..\"";
            }

            if (slash < 0)
            {
                return null;
            }

            rest = rest[(slash + 1)..];
        }
    }

    private static IEnumerable<char> Range(char first, char last) => Enumerable.Range(first, last - first + 1).Select(static c => (char)c);
}
