using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Frames that wait to be sent, in one buffer of the pool. Not thread-safe.</summary>
internal sealed class ZooKeeperWriter : IDisposable
{
    /// <summary>The largest frame a server with default settings takes; a larger one just closes the connection.</summary>
    public const int MaxFrameBytes = 0xFFFFF;

    private const int UsualBytes = 16 * 1024;
    private const int KeptBytes = 128 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(UsualBytes);
    private bool _holdsSecret;

    /// <summary>How much is written.</summary>
    public int Length { get; private set; }

    /// <summary>What is written.</summary>
    public ReadOnlyMemory<byte> Written => _buffer.AsMemory(0, Length);

    /// <summary>Starts a frame.</summary>
    /// <returns>Where it starts.</returns>
    public int BeginFrame()
    {
        int start = Length;
        Reserve(4);
        Length += 4;
        return start;
    }

    /// <summary>Ends a frame, or takes it back if it is larger than the server takes.</summary>
    /// <param name="start">Where it starts.</param>
    /// <param name="maxBytes">The largest frame, its length not counted.</param>
    /// <returns>Whether it stands.</returns>
    public bool TryEndFrame(int start, int maxBytes)
    {
        int bytes = Length - start - 4;
        if (bytes > maxBytes)
        {
            Rewind(start);
            return false;
        }

        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(start), bytes);
        return true;
    }

    /// <summary>Takes back what was written since.</summary>
    public void Rewind(int start) => Length = start;

    public void WriteInt32(int value)
    {
        Reserve(4);
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(Length), value);
        Length += 4;
    }

    public void WriteInt64(long value)
    {
        Reserve(8);
        BinaryPrimitives.WriteInt64BigEndian(_buffer.AsSpan(Length), value);
        Length += 8;
    }

    public void WriteBoolean(bool value)
    {
        Reserve(1);
        _buffer[Length++] = value ? (byte)1 : (byte)0;
    }

    public void WriteBuffer(ReadOnlySpan<byte> bytes)
    {
        Reserve(4 + bytes.Length);
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(Length), bytes.Length);
        bytes.CopyTo(_buffer.AsSpan(Length + 4));
        Length += 4 + bytes.Length;
    }

    /// <summary>Writes data; null is not the same as none.</summary>
    public void WriteData(ReadOnlyMemory<byte>? data)
    {
        if (data is { } bytes)
        {
            WriteBuffer(bytes.Span);
        }
        else
        {
            WriteInt32(-1);
        }
    }

    /// <summary>Writes bytes that must not stay in memory once they are sent.</summary>
    public void WriteSecret(ReadOnlySpan<byte> bytes)
    {
        // Before anything can grow the buffer: what is left behind is cleared, too.
        _holdsSecret = true;
        WriteBuffer(bytes);
    }

    public void WriteString(string text) => WriteString(text, "");

    /// <summary>Writes several texts as one.</summary>
    public void WriteString(string first, string second, string third = "")
    {
        Reserve(4 + Encoding.UTF8.GetMaxByteCount(first.Length + second.Length + third.Length));
        Span<byte> target = _buffer.AsSpan(Length + 4);
        int bytes = Encoding.UTF8.GetBytes(first, target);
        bytes += Encoding.UTF8.GetBytes(second, target[bytes..]);
        bytes += Encoding.UTF8.GetBytes(third, target[bytes..]);
        BinaryPrimitives.WriteInt32BigEndian(_buffer.AsSpan(Length), bytes);
        Length += 4 + bytes;
    }

    /// <summary>Forgets what was sent, and gives a large buffer back.</summary>
    public void Reset()
    {
        if (_holdsSecret)
        {
            _buffer.AsSpan(0, Length).Clear();
            _holdsSecret = false;
        }

        Length = 0;
        if (_buffer.Length > KeptBytes)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = ArrayPool<byte>.Shared.Rent(UsualBytes);
        }
    }

    /// <summary>Gives the buffer back. Writing afterwards is an error.</summary>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        Length = 0;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer, _holdsSecret);
        }
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - Length < bytes)
        {
            Grow(bytes);
        }
    }

    private void Grow(int bytes)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(Length + bytes, Math.Min(_buffer.Length * 2, 4 * MaxFrameBytes)));
        _buffer.AsSpan(0, Length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_buffer, _holdsSecret);
        _buffer = larger;
    }
}
