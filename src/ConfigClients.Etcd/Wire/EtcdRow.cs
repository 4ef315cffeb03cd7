using System.Globalization;
using Google.Protobuf;
using Mvccpb;

namespace ConfigClients.Etcd.Wire;

/// <summary>One stored key as an entry. Values are not copied: the message they came in owns the bytes, and nobody changes those.</summary>
internal static class EtcdRow
{
    /// <summary>Makes the entry of a key whose name is known.</summary>
    /// <exception cref="StoreException">It has no revision: etcd did not write it.</exception>
    public static ConfigEntry Entry(string key, KeyValue row) => row is { ModRevision: > 0, CreateRevision: > 0 }
        ? new ConfigEntry(key, row.Value.Memory, new Revision(row.ModRevision), row.CreateRevision, row.Lease == 0 ? null : SessionId(row.Lease))
        : throw EtcdFailures.Violation("A key came without a revision", isWrite: false);

    /// <summary>Makes the entry of a key from its name; null if it is none of this store's.</summary>
    public static ConfigEntry? Entry(EtcdKeys keys, KeyValue row) => keys.Key(row.Key.Span) is { } key ? Entry(key, row) : null;

    /// <summary>A lease as etcd's own tools write it: seats made of it queue with their locks.</summary>
    public static string SessionId(long lease) => lease.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The lease of a session.</summary>
    public static long Lease(string sessionId) => long.Parse(sessionId, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>Bytes that nobody changes, as the messages want them.</summary>
    public static ByteString Bytes(byte[] bytes) => UnsafeByteOperations.UnsafeWrap(bytes);
}
