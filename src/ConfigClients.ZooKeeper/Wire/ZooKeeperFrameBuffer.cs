using System.Buffers;
using System.Buffers.Binary;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Bytes from the server, cut into frames. Grows by what has arrived, never by what a length promises. Not thread-safe.</summary>
/// <param name="maxFrameBytes">A longer frame is passed over; only its header is handed out.</param>
internal sealed class ZooKeeperFrameBuffer(int maxFrameBytes) : IDisposable
{
    /// <summary>What stands before every answer and every event.</summary>
    public const int HeaderBytes = 16;

    /// <summary>No server sends more; such a length is not one.</summary>
    public const int AbsurdBytes = 256 * 1024 * 1024;

    private const int UsualBytes = 64 * 1024;
    private const int LeastFreeBytes = 8 * 1024;

    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(UsualBytes);
    private int _start;
    private int _end;
    private int _skip;

    /// <summary>Where to read to; never empty.</summary>
    public Memory<byte> Free
    {
        get
        {
            if (_start == _end)
            {
                _start = _end = 0;
                if (_buffer.Length > 4 * UsualBytes)
                {
                    Replace(UsualBytes);
                }
            }
            else if (_buffer.Length - _end < LeastFreeBytes)
            {
                if (_start >= LeastFreeBytes)
                {
                    _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                    _end -= _start;
                    _start = 0;
                }
                else
                {
                    Replace(_buffer.Length * 2);
                }
            }

            return _buffer.AsMemory(_end);
        }
    }

    /// <summary>So many bytes were read.</summary>
    public void Advance(int bytes)
    {
        int skipped = Math.Min(_skip, bytes);
        _skip -= skipped;
        if (skipped > 0)
        {
            // What is passed over never takes up room.
            _buffer.AsSpan(_end + skipped, bytes - skipped).CopyTo(_buffer.AsSpan(_end));
        }

        _end += bytes - skipped;
    }

    /// <summary>Takes the next frame. Valid until the next call of anything else here.</summary>
    /// <param name="frame">The frame, or the header of one that is too long.</param>
    /// <param name="bytes">Its length.</param>
    /// <returns>Whether there is one.</returns>
    /// <exception cref="ZooKeeperException">That is no frame.</exception>
    public bool TryTake(out ReadOnlySpan<byte> frame, out int bytes)
    {
        frame = default;
        bytes = 0;
        ReadOnlySpan<byte> there = _buffer.AsSpan(_start, _end - _start);
        if (there.Length < 4)
        {
            return false;
        }

        bytes = BinaryPrimitives.ReadInt32BigEndian(there);
        if (bytes is < HeaderBytes or > AbsurdBytes)
        {
            throw ZooKeeperReader.Violation($"a frame of {bytes} bytes");
        }

        there = there[4..];
        int wanted = bytes <= maxFrameBytes ? bytes : HeaderBytes;
        if (there.Length < wanted)
        {
            return false;
        }

        frame = there[..wanted];
        int taken = Math.Min(there.Length, bytes);
        _skip = bytes - taken;
        _start += 4 + taken;
        return true;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        byte[] buffer = _buffer;
        _buffer = [];
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Replace(int bytes)
    {
        byte[] other = ArrayPool<byte>.Shared.Rent(bytes);
        _buffer.AsSpan(_start, _end - _start).CopyTo(other);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = other;
        _end -= _start;
        _start = 0;
    }
}
