using System.Globalization;
using Google.Protobuf;
using Grpc.Core;
using Mvccpb;

namespace ConfigClients.Etcd.Wire;

/// <summary>One stored key as an entry. Values are not copied: the message they came in owns the bytes, and nobody changes those.</summary>
internal static class EtcdRow
{
    /// <summary>Makes the entry of a key whose name is known.</summary>
    /// <exception cref="StoreException">It has no revision: etcd did not write it.</exception>
    public static ConfigEntry Entry(string key, KeyValue row) => Entry(key, row.Value.Memory, row.ModRevision, row.CreateRevision, row.Lease);

    /// <summary>Makes the entry of a key from what there is to say about it.</summary>
    /// <exception cref="StoreException">It has no revision: etcd did not write it.</exception>
    public static ConfigEntry Entry(string key, ReadOnlyMemory<byte> value, long modified, long created, long lease) => modified > 0 && created > 0
        ? new ConfigEntry(key, value, new Revision(modified), created, lease == 0 ? null : SessionId(lease))
        : throw EtcdFailures.Violation("A key came without a revision", isWrite: false);

    /// <summary>A lease as etcd's own tools write it: seats made of it queue with their locks.</summary>
    public static string SessionId(long lease) => lease.ToString("x", CultureInfo.InvariantCulture);

    /// <summary>The lease of a session.</summary>
    public static long Lease(string sessionId) => long.Parse(sessionId, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    /// <summary>How a message of the package is written, for calls whose answer is read otherwise.</summary>
    public static Marshaller<T> Marshaller<T>()
        where T : IMessage<T> => new(
        static (message, context) =>
        {
            context.SetPayloadLength(message.CalculateSize());
            message.WriteTo(context.GetBufferWriter());
            context.Complete();
        },
        static _ => throw new NotSupportedException());

    /// <summary>Bytes that nobody changes, as the messages want them.</summary>
    public static ByteString Bytes(byte[] bytes) => UnsafeByteOperations.UnsafeWrap(bytes);
}
