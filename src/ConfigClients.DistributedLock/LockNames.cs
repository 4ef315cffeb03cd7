using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ConfigClients.DistributedLocks;

/// <summary>Makes a key of any name, the same in every process.</summary>
/// <remarks>
/// A name that can be one segment of a key is that segment. Any other keeps what can be kept, for the reader, and gets a hash of the whole, for its identity.
/// One segment, always: the seats of <c>a/b</c> would otherwise lie below <c>a</c> and be taken for seats of that.
/// </remarks>
internal static class LockNames
{
    private const int ReadableChars = 64;

    /// <summary>The key of a name.</summary>
    /// <param name="prefix">The provider's prefix; may be empty.</param>
    /// <param name="kind">What kind of thing has the name: things of different kinds never share one.</param>
    /// <param name="name">The name: not null.</param>
    public static string Key(string prefix, string kind, string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return prefix.Length == 0 ? $"{kind}/{Segment(name)}" : $"{prefix}/{kind}/{Segment(name)}";
    }

    private static string Segment(string name)
    {
        if (!name.Contains('/', StringComparison.Ordinal) && ConfigKey.IsValid(name))
        {
            return name;
        }

        string hash = Convert.ToHexStringLower(SHA256.HashData(Utf16(name)));
        string readable = string.Concat(name.Take(ReadableChars).Select(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' ? c : '_'));
        return $"{readable}~{hash}";
    }

    /// <summary>The characters as they are, the low byte first: an encoding would make one of all halves of surrogate pairs.</summary>
    private static byte[] Utf16(string name)
    {
        byte[] bytes = new byte[name.Length * sizeof(char)];
        for (int i = 0; i < name.Length; i++)
        {
            BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(i * sizeof(char)), name[i]);
        }

        return bytes;
    }
}
