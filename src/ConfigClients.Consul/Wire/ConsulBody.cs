using System.Buffers;

namespace ConfigClients.Consul.Wire;

/// <summary>A body as it arrives, in one pooled buffer that grows up to a cap. Dispose gives the buffer back.</summary>
/// <remarks>The cap holds for what is unread at a time and, by <see cref="Total"/>, for everything: a server cannot make this side allocate more.</remarks>
internal sealed class ConsulBody(long maxBytes) : IDisposable
{
    private const int UnknownLength = 64 * 1024;

    private byte[] _buffer = [];
    private int _start;
    private int _end;

    /// <summary>Bytes received so far.</summary>
    public long Total { get; private set; }

    /// <summary>What was received and not consumed.</summary>
    public ReadOnlySpan<byte> Unread => _buffer.AsSpan(_start, _end - _start);

    /// <summary>Drops bytes from the front.</summary>
    public void Consume(int count) => _start += count;

    /// <summary>Waits for more.</summary>
    /// <param name="stream">The body.</param>
    /// <param name="expected">How long the body says it is; 0 if it does not say.</param>
    /// <param name="cancellationToken">The deadline of the whole call; no byte resets it.</param>
    /// <returns>False at the end.</returns>
    /// <exception cref="StoreException"><see cref="StoreError.ProtocolViolation"/>: the cap is exceeded.</exception>
    public async ValueTask<bool> ReceiveAsync(Stream stream, long expected, CancellationToken cancellationToken)
    {
        MakeRoom(expected);
        int read = await stream.ReadAsync(_buffer.AsMemory(_end), cancellationToken).ConfigureAwait(false);
        _end += read;
        Total += read;
        return Total <= maxBytes
            ? read > 0
            : throw new StoreException(StoreError.ProtocolViolation, $"The answer is longer than {maxBytes} bytes.");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_buffer);
            _buffer = [];
            _start = _end = 0;
        }
    }

    private void MakeRoom(long expected)
    {
        if (_end < _buffer.Length)
        {
            return;
        }

        int unread = _end - _start;
        if (unread > _buffer.Length / 2 || _buffer.Length == 0)
        {
            // One byte more than expected, so that the end is noticed without growing.
            long wanted = _buffer.Length > 0 ? 2L * _buffer.Length : expected > 0 ? Math.Min(expected, maxBytes) + 1 : UnknownLength;
            byte[] larger = ArrayPool<byte>.Shared.Rent((int)Math.Min(wanted, maxBytes + 1));
            Unread.CopyTo(larger);
            if (_buffer.Length > 0)
            {
                ArrayPool<byte>.Shared.Return(_buffer);
            }

            _buffer = larger;
        }
        else
        {
            Unread.CopyTo(_buffer);
        }

        _start = 0;
        _end = unread;
    }
}
