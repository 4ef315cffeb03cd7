using System.Buffers.Text;
using System.Text;
using System.Text.Json;

namespace ConfigClients.Consul.Wire;

/// <summary>One entry as Consul writes it. Points into the buffer it was read from, so that what is not needed costs nothing.</summary>
internal readonly ref struct ConsulRow
{
    /// <summary>The key's name in Consul, as JSON text.</summary>
    public ReadOnlySpan<byte> RawKey { get; init; }

    /// <summary>The value in base64; empty for an empty one.</summary>
    public ReadOnlySpan<byte> RawValue { get; init; }

    /// <summary>The session, as text; empty for none.</summary>
    public ReadOnlySpan<byte> RawSession { get; init; }

    /// <summary>The number the writer put there.</summary>
    public ulong Flags { get; init; }

    /// <summary>The write that created the key.</summary>
    public long CreateIndex { get; init; }

    /// <summary>The write that made this version.</summary>
    public long ModifyIndex { get; init; }

    /// <summary>Reads one object. The reader stands at its start.</summary>
    /// <returns>False if the buffer ends before the object does.</returns>
    /// <exception cref="JsonException">It is not an entry.</exception>
    public static bool TryRead(scoped ref Utf8JsonReader reader, out ConsulRow row)
    {
        row = default;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("an entry is not an object");
        }

        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        ReadOnlySpan<byte> session = default;
        bool keyIsPlain = true;
        ulong flags = 0;
        long created = 0;
        long modified = -1;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.EndObject)
            {
                row = new ConsulRow
                {
                    RawKey = key, RawValue = value, RawSession = session, KeyIsPlain = keyIsPlain, Flags = flags, CreateIndex = created, ModifyIndex = modified,
                };
                return key.Length > 0 && modified >= 0 ? true : throw new JsonException("an entry lacks Key or ModifyIndex");
            }

            // Length and first letter tell the properties apart.
            int length = reader.ValueSpan.Length;
            char first = length > 0 ? (char)reader.ValueSpan[0] : '\0';
            if (!reader.Read())
            {
                return false;
            }

            switch (length, first)
            {
                case (3, 'K'):
                    key = Text(ref reader);
                    keyIsPlain = !reader.ValueIsEscaped;
                    break;
                case (5, 'V'):
                    value = Text(ref reader);
                    break;
                case (7, 'S'):
                    session = Text(ref reader);
                    break;
                case (5, 'F'):
                    flags = reader.TokenType == JsonTokenType.Number && reader.TryGetUInt64(out ulong number) ? number : throw new JsonException("Flags is not a number");
                    break;
                case (11, 'C'):
                    created = Number(ref reader);
                    break;
                case (11, 'M'):
                    modified = Number(ref reader);
                    break;
                default:
                    if (!reader.TrySkip())
                    {
                        return false;
                    }

                    break;
            }
        }

        return false;
    }

    /// <summary>The key's name in Consul.</summary>
    public string Key => KeyIsPlain ? Encoding.UTF8.GetString(RawKey) : Unescape(RawKey);

    /// <summary>Whether the key's name is written without escapes, so that <see cref="RawKey"/> is the name itself.</summary>
    public bool KeyIsPlain { get; init; }

    /// <summary>The value, decoded into memory of its own.</summary>
    /// <exception cref="JsonException">It is not base64.</exception>
    public byte[] DecodeValue()
    {
        byte[] value = new byte[ValueLength];
        DecodeValue(value);
        return value;
    }

    /// <summary>Bytes of the decoded value.</summary>
    public int ValueLength =>
        Math.Max(0, (RawValue.Length / 4 * 3) - (RawValue.EndsWith("=="u8) ? 2 : RawValue.EndsWith("="u8) ? 1 : 0));

    /// <summary>Decodes the value.</summary>
    /// <param name="target">As long as <see cref="ValueLength"/>.</param>
    /// <exception cref="JsonException">It is not base64.</exception>
    public void DecodeValue(Span<byte> target)
    {
        if (Base64.DecodeFromUtf8(RawValue, target, out _, out int written) != System.Buffers.OperationStatus.Done || written != target.Length)
        {
            throw new JsonException("a Value is not base64");
        }
    }

    private static ReadOnlySpan<byte> Text(scoped ref Utf8JsonReader reader) => reader.TokenType switch
    {
        JsonTokenType.String => reader.ValueSpan,
        JsonTokenType.Null => default,
        _ => throw new JsonException("a text is not a text"),
    };

    private static long Number(scoped ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long number) && number >= 0
            ? number
            : throw new JsonException("an index is not a number from 0 to 2^63-1");

    private static string Unescape(ReadOnlySpan<byte> raw)
    {
        byte[] quoted = ["\""u8[0], .. raw, "\""u8[0]];
        Utf8JsonReader reader = new(quoted);
        reader.Read();
        return reader.GetString()!;
    }
}
