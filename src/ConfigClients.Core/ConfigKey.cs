using System.Runtime.CompilerServices;
using System.Text;

namespace ConfigClients;

/// <summary>The grammar of keys: the only place that knows it.</summary>
/// <remarks>
/// 1 to 1024 bytes of UTF-8 in NFC; segments of 1 to 255 bytes separated by <c>/</c>, at most 32 of them; no leading or trailing slash;
/// no segment <c>.</c> or <c>..</c>; no control character, backslash or lone surrogate. Keys are case-sensitive.
/// </remarks>
public static class ConfigKey
{
    /// <summary>Longest key, in bytes of UTF-8.</summary>
    public const int MaxBytes = 1024;

    /// <summary>Longest segment, in bytes of UTF-8.</summary>
    public const int MaxSegmentBytes = 255;

    /// <summary>Most segments.</summary>
    public const int MaxDepth = 32;

    /// <summary>Checks a key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="paramName">The name to put into the exception.</param>
    /// <exception cref="ArgumentException">The key is malformed; the message names position and rule.</exception>
    public static void Check(string key, [CallerArgumentExpression(nameof(key))] string? paramName = null)
    {
        ArgumentNullException.ThrowIfNull(key, paramName);
        if (Fault(key) is { } fault)
        {
            throw new ArgumentException(fault, paramName);
        }
    }

    /// <summary>Checks a prefix: a key, or empty for the whole store.</summary>
    /// <param name="prefix">The prefix, without trailing slash.</param>
    /// <param name="paramName">The name to put into the exception.</param>
    /// <exception cref="ArgumentException">The prefix is malformed; the message names position and rule.</exception>
    public static void CheckPrefix(string prefix, [CallerArgumentExpression(nameof(prefix))] string? paramName = null)
    {
        ArgumentNullException.ThrowIfNull(prefix, paramName);
        if (prefix.Length > 0)
        {
            Check(prefix, paramName);
        }
    }

    /// <summary>Whether a text is a key.</summary>
    /// <param name="key">The text.</param>
    /// <returns>True if <see cref="Check"/> would accept it.</returns>
    public static bool IsValid(string? key) => key is not null && Fault(key) is null;

    /// <summary>Whether a key lies below a prefix: <c>app/a</c> lies below <c>app</c>, <c>app</c> and <c>application</c> do not.</summary>
    /// <param name="key">The key.</param>
    /// <param name="prefix">The prefix; empty holds everything.</param>
    /// <returns>True if it does.</returns>
    public static bool IsBelow(string key, string prefix)
    {
        ArgumentNullException.ThrowIfNull(key);
        ArgumentNullException.ThrowIfNull(prefix);
        return prefix.Length == 0
            || (key.Length > prefix.Length && key[prefix.Length] == '/' && key.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>Orders keys by their UTF-8 bytes, as every store does.</summary>
    /// <param name="left">A key.</param>
    /// <param name="right">Another.</param>
    /// <returns>Negative, zero or positive.</returns>
    public static int Compare(string left, string right)
    {
        ArgumentNullException.ThrowIfNull(left);
        ArgumentNullException.ThrowIfNull(right);
        int common = left.AsSpan().CommonPrefixLength(right);
        if (common == left.Length || common == right.Length)
        {
            return left.Length.CompareTo(right.Length);
        }

        char a = left[common];
        char b = right[common];

        // UTF-16 puts surrogates (U+10000 and up) before U+E000; UTF-8 puts them after.
        return char.IsSurrogate(a) != char.IsSurrogate(b) ? (char.IsSurrogate(a) ? 1 : -1) : a.CompareTo(b);
    }

    private static string? Fault(string key)
    {
        if (key.Length == 0)
        {
            return "A key must not be empty.";
        }

        if (key.Length > MaxBytes || (!Ascii.IsValid(key) && Encoding.UTF8.GetByteCount(key) > MaxBytes))
        {
            return $"A key must not be longer than {MaxBytes} bytes of UTF-8.";
        }

        int start = 0;
        int depth = 0;
        for (int i = 0; i <= key.Length; i++)
        {
            if (i == key.Length || key[i] == '/')
            {
                if (SegmentFault(key.AsSpan(start, i - start), start) is { } fault)
                {
                    return fault;
                }

                if (++depth > MaxDepth)
                {
                    return $"Key position {start}: more than {MaxDepth} segments.";
                }

                start = i + 1;
            }
            else if (CharacterFault(key, ref i) is { } fault)
            {
                return fault;
            }
        }

        return Ascii.IsValid(key) || key.IsNormalized(NormalizationForm.FormC)
            ? null
            : "A key must be in Unicode normalization form C.";
    }

    private static string? SegmentFault(ReadOnlySpan<char> segment, int position) => segment switch
    {
        [] => $"Key position {position}: an empty segment (a leading, trailing or doubled slash).",
        ['.'] or ['.', '.'] => $"Key position {position}: a segment must not be \".\" or \"..\".",
        _ when segment.Length > MaxSegmentBytes || Encoding.UTF8.GetByteCount(segment) > MaxSegmentBytes
            => $"Key position {position}: a segment must not be longer than {MaxSegmentBytes} bytes of UTF-8.",
        _ => null,
    };

    private static string? CharacterFault(string key, ref int position)
    {
        char c = key[position];
        if (char.IsControl(c))
        {
            return $"Key position {position}: a control character (U+{(int)c:X4}).";
        }

        if (c == '\uFFFE')
        {
            // The one of them that normalization does not take.
            return $"Key position {position}: U+FFFE, which is not a character.";
        }

        if (c == '\\')
        {
            return $"Key position {position}: a backslash; segments are separated by a slash.";
        }

        if (!char.IsSurrogate(c))
        {
            return null;
        }

        if (char.IsHighSurrogate(c) && position + 1 < key.Length && char.IsLowSurrogate(key[position + 1]))
        {
            position++;
            return null;
        }

        return $"Key position {position}: half of a surrogate pair (U+{(int)c:X4}).";
    }
}
