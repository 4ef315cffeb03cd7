using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Text;

namespace ConfigClients.Consul.Wire;

/// <summary>The body of a transaction, written into a pooled buffer. Dispose after the answer has come.</summary>
/// <remarks>
/// Every set carries a random number in Flags: a write of the bytes that are there already would otherwise be no write,
/// and one revision could succeed twice.
/// </remarks>
internal struct ConsulTxnBody : IDisposable
{
    /// <summary>What a server takes by default, in bytes.</summary>
    public const int MaxBytes = 512 * 1024;

    // With a namespace and a partition of 128 letters each.
    private const int FramePerOp = 512;

    private byte[] _buffer;
    private int _length;

    private ConsulTxnBody(int capacity)
    {
        _buffer = ArrayPool<byte>.Shared.Rent(capacity);
        _length = 0;
    }

    /// <summary>The bytes.</summary>
    public readonly ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(0, _length);

    /// <summary>Whether one set alone fits, beside the frame of two operations.</summary>
    public static bool Fits(string storedKey, int valueBytes) =>
        Base64.GetMaxEncodedToUtf8Length(valueBytes) + (4 * Encoding.UTF8.GetByteCount(storedKey)) + (3 * FramePerOp) <= MaxBytes;

    /// <summary>Writes a transaction.</summary>
    /// <param name="ops">What to do.</param>
    /// <param name="keys">Where keys lie.</param>
    /// <param name="placement">What every operation carries besides, as JSON: where the key is, if not in the default namespace.</param>
    public static ConsulTxnBody Write(ReadOnlySpan<ConsulOp> ops, ConsulKeys keys, ReadOnlySpan<byte> placement)
    {
        int capacity = 2;
        foreach (ref readonly ConsulOp op in ops)
        {
            // Spelling makes at most nine bytes of a character; JSON must escape but the quotation mark, which is spelled as it is.
            capacity += FramePerOp + (2 * keys.Head.Length) + (9 * op.Key.Length) + Base64.GetMaxEncodedToUtf8Length(op.Value.Length);
        }

        ConsulTxnBody body = new(capacity);
        body.Put("["u8);
        for (int i = 0; i < ops.Length; i++)
        {
            body.Put(i == 0 ? "{\"KV\":{\"Verb\":\""u8 : ",{\"KV\":{\"Verb\":\""u8);
            body.Put(Verb(ops[i].Verb));
            body.Put("\",\"Key\":\""u8);
            body.PutEscaped(keys.Head);
            body.PutEscaped(ConsulKeys.Spell(ops[i].Key));
            body.Put("\""u8);
            body.Put(placement);
            body.PutArguments(ops[i]);
            body.Put("}}"u8);
        }

        body.Put("]"u8);
        return body;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = [];
    }

    private void PutArguments(in ConsulOp op)
    {
        if (op.Verb == ConsulVerb.CheckIndex)
        {
            Put(",\"Index\":"u8);
            PutNumber(op.Index);
        }

        if (op.Session is not null)
        {
            Put(",\"Session\":\""u8);
            _length += Encoding.UTF8.GetBytes(op.Session, _buffer.AsSpan(_length));
            Put("\""u8);
        }

        if (op.IsSet)
        {
            Put(",\"Flags\":"u8);
            PutNumber(Random.Shared.NextInt64(1, long.MaxValue));
            Put(",\"Value\":\""u8);
            OperationStatus status = Base64.EncodeToUtf8(op.Value.Span, _buffer.AsSpan(_length), out _, out int written);
            Debug.Assert(status == OperationStatus.Done, "the capacity was computed for it");
            _length += written;
            Put("\""u8);
        }
    }

    private void PutNumber(long number)
    {
        Utf8Formatter.TryFormat(number, _buffer.AsSpan(_length), out int written);
        _length += written;
    }

    private void PutEscaped(string key)
    {
        int start = _length;
        _length += Encoding.UTF8.GetBytes(key, _buffer.AsSpan(_length));
        if (key.Contains('"', StringComparison.Ordinal))
        {
            byte[] plain = _buffer.AsSpan(start, _length - start).ToArray();
            _length = start;
            PutEscaped(plain);
        }
    }

    private void PutEscaped(ReadOnlySpan<byte> plain)
    {
        foreach (byte b in plain)
        {
            if (b == (byte)'"')
            {
                _buffer[_length++] = (byte)'\\';
            }

            _buffer[_length++] = b;
        }
    }

    private void Put(ReadOnlySpan<byte> text)
    {
        text.CopyTo(_buffer.AsSpan(_length));
        _length += text.Length;
    }

    private static ReadOnlySpan<byte> Verb(ConsulVerb verb) => verb switch
    {
        ConsulVerb.Get => "get"u8,
        ConsulVerb.CheckNotExists => "check-not-exists"u8,
        ConsulVerb.CheckIndex => "check-index"u8,
        ConsulVerb.CheckSession => "check-session"u8,
        ConsulVerb.Set => "set"u8,
        ConsulVerb.Lock => "lock"u8,
        _ => "delete"u8,
    };
}
