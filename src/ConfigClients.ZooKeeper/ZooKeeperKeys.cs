using System.Globalization;
using System.Text;

namespace ConfigClients.ZooKeeper;

/// <summary>Where keys lie in ZooKeeper: below the prefix of the store, as paths.</summary>
/// <remarks>
/// ZooKeeper refuses characters beyond the basic plane, private ones and specials, and keeps <c>/zookeeper</c> for itself. A segment with such a character, or that
/// starts with <c>=</c>, is stored as <c>=</c> and its text with <c>=HH</c> for each byte in question; all others stay natural.
/// Names that start with <c>=!</c> are the store's own, and no key is ever spelled so.
/// </remarks>
/// <param name="root">The store's prefix, without slashes at the ends; empty for none.</param>
internal sealed class ZooKeeperKeys(string root)
{
    /// <summary>The name at the top that ZooKeeper keeps for itself.</summary>
    public const string Reserved = "zookeeper";

    private readonly string _head = root.Length == 0 ? "" : "/" + Spell(root, isTop: true);

    /// <summary>The node that all keys lie below; <c>/</c> if there is no prefix.</summary>
    public string Root => _head.Length == 0 ? "/" : _head;

    /// <summary>What the store's own nodes lie below.</summary>
    public string Own => _head + "/=!cc";

    /// <summary>The name of a node below a key's node that says when the key was set, where that is not when the node was created.</summary>
    public static string MarkerName => "=!v";

    /// <summary>The marker of a node.</summary>
    public static string Marker(string path) => $"{path}/{MarkerName}";

    /// <summary>Whether a name is the store's own.</summary>
    public static bool IsOwn(string name) => name.StartsWith("=!", StringComparison.Ordinal);

    /// <summary>The key's node.</summary>
    public string Path(string key) => $"{_head}/{Spell(key, isTop: _head.Length == 0)}";

    /// <summary>The node that keys below a prefix lie below.</summary>
    public string Below(string prefix) => prefix.Length == 0 ? Root : Path(prefix);

    /// <summary>The key of a node; null if it is none of this store.</summary>
    public string? Key(string path)
    {
        if (!path.StartsWith(_head, StringComparison.Ordinal) || path.Length < _head.Length + 2 || path[_head.Length] != '/')
        {
            return null;
        }

        string spelled = path[(_head.Length + 1)..];
        string key = spelled.Contains('=', StringComparison.Ordinal) ? string.Join('/', spelled.Split('/').Select(Read)) : spelled;
        return ConfigKey.IsValid(key) && Spell(key, isTop: _head.Length == 0) == spelled ? key : null;
    }

    /// <summary>What the keys of a node's children begin with; null if that is not what their paths begin with.</summary>
    public string? Stem(string path) =>
        path.Length <= _head.Length + 1 ? "" : path.Contains('=', StringComparison.Ordinal) ? null : path[(_head.Length + 1)..] + "/";

    /// <summary>The key of a child; null if it is none of this store. Where the child is called as its key, its path is not even made.</summary>
    /// <param name="stem">The <see cref="Stem"/> of its parent.</param>
    /// <param name="head">What its path begins with.</param>
    /// <param name="name">Its name.</param>
    public string? Key(string? stem, string head, string name)
    {
        if (stem is null || name.Contains('=', StringComparison.Ordinal))
        {
            return Key(head + name);
        }

        string key = stem + name;
        return ConfigKey.IsValid(key) && IsNatural(key) && !(_head.Length == 0 && IsReserved(key)) ? key : null;
    }

    /// <summary>The nodes between the store's root and a key's node, from the top down.</summary>
    public IEnumerable<string> Between(string path) => Ancestors(path).Where(above => above.Length > _head.Length);

    /// <summary>The nodes above a node, from the top down, without the ensemble's root.</summary>
    public static IEnumerable<string> Ancestors(string path)
    {
        for (int slash = path.IndexOf('/', 1); slash > 0; slash = path.IndexOf('/', slash + 1))
        {
            yield return path[..slash];
        }
    }

    /// <summary>The node above a node.</summary>
    public static string Parent(string path)
    {
        int slash = path.LastIndexOf('/');
        return slash <= 0 ? "/" : path[..slash];
    }

    private static string Spell(string key, bool isTop)
    {
        if (!key.Contains('=', StringComparison.Ordinal) && IsNatural(key) && !(isTop && key.StartsWith(Reserved, StringComparison.Ordinal)))
        {
            return key;
        }

        string[] segments = key.Split('/');
        for (int i = 0; i < segments.Length; i++)
        {
            bool isReserved = isTop && i == 0 && segments[i] == Reserved;
            segments[i] = isReserved || segments[i].StartsWith('=') || !IsNatural(segments[i]) ? Write(segments[i], isReserved) : segments[i];
        }

        return string.Join('/', segments);
    }

    private static bool IsReserved(string key) => key.StartsWith(Reserved, StringComparison.Ordinal) && (key.Length == Reserved.Length || key[Reserved.Length] == '/');

    private static bool IsNatural(string text)
    {
        foreach (char c in text)
        {
            if (!IsNatural(c))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNatural(char c) => c is (< '\uD800' or > '\uF8FF') and < '\uFFF0' and not (>= '\u007F' and <= '\u009F');

    private static string Write(string segment, bool isReserved)
    {
        StringBuilder text = new("=");
        Span<byte> bytes = stackalloc byte[4];
        foreach (Rune rune in segment.EnumerateRunes())
        {
            if (rune.IsBmp && rune.Value != '=' && IsNatural((char)rune.Value) && !(isReserved && text.Length == 1))
            {
                text.Append((char)rune.Value);
                continue;
            }

            foreach (byte b in bytes[..rune.EncodeToUtf8(bytes)])
            {
                text.Append(CultureInfo.InvariantCulture, $"={b:X2}");
            }
        }

        return text.ToString();
    }

    // Anything goes: what was not written by Write does not come out the same when it is written again.
    private static string Read(string segment)
    {
        if (!segment.StartsWith('='))
        {
            return segment;
        }

        ReadOnlySpan<byte> text = Encoding.UTF8.GetBytes(segment).AsSpan(1);
        List<byte> bytes = new(text.Length);
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == '=' && i + 3 <= text.Length && byte.TryParse(text.Slice(i + 1, 2), NumberStyles.AllowHexSpecifier, null, out byte value))
            {
                bytes.Add(value);
                i += 2;
            }
            else
            {
                bytes.Add(text[i]);
            }
        }

        return Encoding.UTF8.GetString([.. bytes]);
    }
}
