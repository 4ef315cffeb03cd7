using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Reads the fields of one frame. What does not fit the frame is a violation; nothing is allocated by a length before it was compared with what is there.</summary>
internal ref struct ZooKeeperReader(ReadOnlySpan<byte> frame)
{
    /// <summary>The smallest encoding of a stat.</summary>
    public const int StatBytes = 68;

    private ReadOnlySpan<byte> _rest = frame;

    /// <summary>Bytes not read yet.</summary>
    public readonly int Remaining => _rest.Length;

    public int ReadInt32() => BinaryPrimitives.ReadInt32BigEndian(Take(4));

    public long ReadInt64() => BinaryPrimitives.ReadInt64BigEndian(Take(8));

    public bool ReadBoolean() => Take(1)[0] != 0;

    /// <summary>Reads bytes; null counts as none.</summary>
    public ReadOnlySpan<byte> ReadBuffer(out bool isNull)
    {
        int length = ReadInt32();
        isNull = length == -1;
        return isNull ? [] : Take(length);
    }

    public string ReadString()
    {
        ReadOnlySpan<byte> text = ReadBuffer(out _);
        return text.IsEmpty ? "" : Encoding.UTF8.GetString(text);
    }

    /// <summary>Reads how many elements follow; a null list counts as empty.</summary>
    /// <param name="elementBytes">The size of the smallest element: more elements than fit are refused before anything is allocated for them.</param>
    public int ReadCount(int elementBytes)
    {
        int count = ReadInt32();
        if (count == -1)
        {
            return 0;
        }

        return count >= 0 && count <= _rest.Length / elementBytes
            ? count
            : throw Violation($"a list of {count} elements in {_rest.Length} bytes");
    }

    public string[] ReadStrings()
    {
        string[] texts = new string[ReadCount(4)];
        for (int i = 0; i < texts.Length; i++)
        {
            texts[i] = ReadString();
        }

        return texts;
    }

    public ZooKeeperStat ReadStat()
    {
        ReadOnlySpan<byte> stat = Take(StatBytes);
        return new ZooKeeperStat(
            BinaryPrimitives.ReadInt64BigEndian(stat),
            BinaryPrimitives.ReadInt64BigEndian(stat[8..]),
            BinaryPrimitives.ReadInt64BigEndian(stat[16..]),
            BinaryPrimitives.ReadInt64BigEndian(stat[24..]),
            BinaryPrimitives.ReadInt32BigEndian(stat[32..]),
            BinaryPrimitives.ReadInt32BigEndian(stat[36..]),
            BinaryPrimitives.ReadInt32BigEndian(stat[40..]),
            BinaryPrimitives.ReadInt64BigEndian(stat[44..]),
            BinaryPrimitives.ReadInt32BigEndian(stat[52..]),
            BinaryPrimitives.ReadInt32BigEndian(stat[56..]),
            BinaryPrimitives.ReadInt64BigEndian(stat[60..]));
    }

    /// <summary>Reads data and stat.</summary>
    public ZooKeeperNode ReadNode()
    {
        ReadOnlySpan<byte> data = ReadBuffer(out bool isNull);
        return new ZooKeeperNode(data.IsEmpty ? ReadOnlyMemory<byte>.Empty : data.ToArray(), !isNull, ReadStat());
    }

    /// <summary>Passes over data and stat that nobody waits for any more.</summary>
    public void SkipNode()
    {
        _ = ReadBuffer(out _);
        _ = Take(StatBytes);
    }

    /// <summary>Makes the exception for bytes that do not follow the protocol.</summary>
    public static ZooKeeperException Violation(string what) =>
        new(ZooKeeperError.ProtocolViolation, $"The server sent something that is not ZooKeeper's protocol: {what}.");

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ReadOnlySpan<byte> Take(int count)
    {
        // As unsigned, so that a negative length is a large one.
        if ((uint)count > (uint)_rest.Length)
        {
            ThrowTruncated(count, _rest.Length);
        }

        ReadOnlySpan<byte> taken = _rest[..count];
        _rest = _rest[count..];
        return taken;
    }

    private static void ThrowTruncated(int count, int left) => throw Violation($"a field of {count} bytes where {left} are left");
}
