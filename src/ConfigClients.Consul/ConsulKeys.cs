using System.Buffers;
using System.Globalization;
using System.Text;

namespace ConfigClients.Consul;

/// <summary>Where keys lie in Consul: below the prefix of the store, spelled as they are, and escaped once more on the way into a URL.</summary>
/// <remarks>
/// Consul's router refuses paths with characters that Go does not call printable, and newer servers refuse spaces at the ends. A segment that holds
/// such a character, or starts with <c>=</c>, is stored as <c>=</c> and its text with <c>=HH</c> for each byte in question; all others stay natural.
/// The characters are listed here once for all: which ones a Unicode table knows depends on its version, but where a key lies must not.
/// </remarks>
/// <param name="root">The store's prefix, without slashes at the ends; empty for none.</param>
internal sealed class ConsulKeys(string root)
{
    private static readonly SearchValues<char> Plain =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/");

    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/"u8);

    private readonly string _head = root.Length == 0 ? "" : Spell(root) + "/";
    private readonly string _escapedHead = root.Length == 0 ? "" : Escape(Spell(root)) + "/";
    private readonly byte[] _headBytes = Encoding.UTF8.GetBytes(root.Length == 0 ? "" : Spell(root) + "/");

    /// <summary>What stands before every key in the store, as UTF-8: the prefix with its slash, or nothing.</summary>
    public ReadOnlySpan<byte> Head => _headBytes;

    /// <summary>The key's name in Consul.</summary>
    public string Stored(string key) => _head + Spell(key);

    /// <summary>The key of a name that needs no second look: below the prefix, and letters, digits, slashes and dashes only. Null says nothing.</summary>
    public string? PlainKey(ReadOnlySpan<byte> stored)
    {
        if (stored.Length > ConfigKey.MaxSegmentBytes || !stored.StartsWith(_headBytes))
        {
            return null;
        }

        ReadOnlySpan<byte> key = stored[_headBytes.Length..];

        // All of it is ASCII then, which Latin-1 need not look at again.
        return key.Length == 0 || key[0] == '/' || key[^1] == '/' || key.ContainsAnyExcept(PlainBytes) || key.IndexOf("//"u8) >= 0 || key.Count((byte)'/') >= ConfigKey.MaxDepth
            ? null
            : Encoding.Latin1.GetString(key);
    }

    /// <summary>The key that lies under a name in Consul; null if it is none of this store.</summary>
    public string? Key(string stored)
    {
        if (!stored.StartsWith(_head, StringComparison.Ordinal))
        {
            return null;
        }

        string spelled = stored[_head.Length..];
        if (!spelled.StartsWith('=') && !spelled.Contains("/=", StringComparison.Ordinal))
        {
            // Whoever wrote it under a name that this store would not give it, wrote another key.
            return Spell(spelled) == spelled ? spelled : null;
        }

        string key = string.Join('/', spelled.Split('/').Select(Read));
        return Spell(key) == spelled ? key : null;
    }

    /// <summary>The key's name in Consul, as the path of a URL.</summary>
    /// <param name="key">The key.</param>
    /// <param name="query">What follows the path.</param>
    public string Path(string key, string query = "") => string.Concat("/v1/kv/", _escapedHead, Escape(Spell(key)), query);

    /// <summary>Everything below a prefix, as the path of a URL: with a slash at the end, so that <c>app</c> never lists <c>application</c>.</summary>
    public string ListPath(string prefix) => prefix.Length == 0 ? "/v1/kv/" + _escapedHead : Path(prefix) + "/";

    /// <summary>A name that is refused exactly when the prefix may not be read as a whole. Nobody need have written it.</summary>
    public string ProbePath(string prefix) => _head.Length == 0 && prefix.Length == 0 ? "/v1/kv/_cc" : ListPath(prefix);

    /// <summary>The key's name in Consul, below the prefix of the store.</summary>
    public static string Spell(string key) =>
        !key.AsSpan().ContainsAnyExcept(Plain) || !NeedsSpelling(key)
            ? key
            : string.Join('/', key.Split('/').Select(static segment => NeedsSpelling(segment) ? Write(segment) : segment));

    // Segment by segment, as the contract's keys hold neither empty segments nor dots alone: what cannot leave /v1/kv/ unescaped,
    // cannot leave it escaped.
    private static string Escape(string key) => !key.AsSpan().ContainsAnyExcept(Plain)
        ? key
        : string.Join('/', key.Split('/').Select(Uri.EscapeDataString));

    private static bool NeedsSpelling(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            bool isFirst = i == 0 || text[i - 1] == '/';
            bool isLast = i == text.Length - 1 || text[i + 1] == '/';
            if (text[i] == '=' ? isFirst : text[i] == ' ' ? isFirst || isLast : !IsNatural(text[i]))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsNatural(char c) => c switch
    {
        < '\u007F' => true,
        < '\u00A1' or '\u00AD' => false,
        (>= '\u0600' and <= '\u0605') or '\u061C' or '\u06DD' or '\u070F' or '\u08E2' or '\u1680' or '\u180E' => false,
        (>= '\u2000' and <= '\u200F') or (>= '\u2028' and <= '\u202F') or (>= '\u205F' and <= '\u206F') or '\u3000' or '\uFEFF' => false,

        // Private use; specials; and halves of what lies beyond the basic plane, where most of the newer characters are.
        (>= '\uD800' and <= '\uF8FF') => false,
        >= '\uFFF0' => c == '\uFFFD',
        _ => true,
    };

    private static string Write(string segment)
    {
        StringBuilder text = new("=");
        Span<byte> bytes = stackalloc byte[4];
        foreach (Rune rune in segment.EnumerateRunes())
        {
            if (rune.IsBmp && rune.Value is not (' ' or '=') && IsNatural((char)rune.Value))
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
