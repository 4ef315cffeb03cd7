using System.Buffers;
using System.Text;

namespace ConfigClients.Etcd;

/// <summary>Where keys lie in etcd: below the prefix of the store, byte for byte as they are. Etcd refuses no key that the contract allows.</summary>
/// <param name="root">The store's prefix, without a slash at the end; may start with one. Empty for none.</param>
internal sealed class EtcdKeys(string root)
{
    private static readonly byte[] Zero = [0];
    private static readonly SearchValues<byte> PlainBytes = SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_/"u8);

    private readonly byte[] _head = Encoding.UTF8.GetBytes(root.Length == 0 ? "" : root + "/");

    /// <summary>The key's name in etcd.</summary>
    public byte[] Stored(string key)
    {
        byte[] stored = new byte[_head.Length + Encoding.UTF8.GetByteCount(key)];
        _head.CopyTo(stored, 0);
        Encoding.UTF8.GetBytes(key, stored.AsSpan(_head.Length));
        return stored;
    }

    /// <summary>The key that lies under a name in etcd; null if it is none of this store.</summary>
    public string? Key(ReadOnlySpan<byte> stored)
    {
        if (!stored.StartsWith(_head))
        {
            return null;
        }

        ReadOnlySpan<byte> spelled = stored[_head.Length..];
        if (IsPlain(spelled))
        {
            return Encoding.ASCII.GetString(spelled);
        }

        if (!System.Text.Unicode.Utf8.IsValid(spelled))
        {
            return null;
        }

        string key = Encoding.UTF8.GetString(spelled);
        return ConfigKey.IsValid(key) ? key : null;
    }

    /// <summary>Everything below a prefix: from the first name on, up to and without the second. <c>app</c> never takes in <c>application</c>.</summary>
    public (byte[] From, byte[] To) Below(string prefix)
    {
        byte[] from = prefix.Length == 0 ? _head : Stored(prefix + "/");
        if (from.Length == 0)
        {
            // The whole store, in etcd's own spelling.
            return (Zero, Zero);
        }

        // The head ends with a slash, so the byte after the slash ends the range.
        byte[] to = [.. from];
        to[^1]++;
        return (from, to);
    }

    /// <summary>The first name behind another one.</summary>
    public static byte[] After(ReadOnlySpan<byte> stored) => [.. stored, 0];

    // Letters, digits, slashes and dashes, so short that no limit can be broken: nothing more to check.
    private static bool IsPlain(ReadOnlySpan<byte> key) =>
        key.Length is > 0 and <= ConfigKey.MaxSegmentBytes && key[0] != '/' && key[^1] != '/'
        && !key.ContainsAnyExcept(PlainBytes) && key.IndexOf("//"u8) < 0 && key.Count((byte)'/') < ConfigKey.MaxDepth;
}
