namespace ConfigClients.Etcd.Wire;

/// <summary>Goes through the fields of a message in the encoding of protocol buffers, without copying anything.</summary>
/// <param name="message">The message.</param>
internal ref struct EtcdFields(ReadOnlySpan<byte> message)
{
    private ReadOnlySpan<byte> _rest = message;

    /// <summary>The number of the field.</summary>
    public uint Number { get; private set; }

    /// <summary>Its value, if it is a whole number; 0 otherwise.</summary>
    public long Integer { get; private set; }

    /// <summary>Its value, if it is text, bytes or a message; empty otherwise.</summary>
    public ReadOnlySpan<byte> Bytes { get; private set; }

    /// <summary>Goes to the next field. False at the end.</summary>
    /// <exception cref="InvalidDataException">This is no message.</exception>
    public bool Next()
    {
        if (_rest.IsEmpty)
        {
            return false;
        }

        ulong tag = Varint();
        Number = (uint)(tag >> 3);
        Integer = 0;
        Bytes = default;
        switch (tag & 7)
        {
            case 0:
                Integer = (long)Varint();
                break;
            case 1:
                Take(8);
                break;
            case 2:
                Bytes = Take(Varint());
                break;
            case 5:
                Take(4);
                break;
            default:
                throw Broken();
        }

        return true;
    }

    private ReadOnlySpan<byte> Take(ulong length)
    {
        if (length > (ulong)_rest.Length)
        {
            throw Broken();
        }

        ReadOnlySpan<byte> taken = _rest[..(int)length];
        _rest = _rest[(int)length..];
        return taken;
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (int i = 0; i < 10 && i < _rest.Length; i++)
        {
            byte next = _rest[i];
            value |= (ulong)(next & 0x7F) << (7 * i);
            if (next < 0x80)
            {
                _rest = _rest[(i + 1)..];
                return value;
            }
        }

        throw Broken();
    }

    private static InvalidDataException Broken() => new("The message breaks off, or is none.");
}
