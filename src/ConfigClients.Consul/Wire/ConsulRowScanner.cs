using System.Runtime.CompilerServices;
using System.Text.Json;

namespace ConfigClients.Consul.Wire;

/// <summary>Reads entries as Consul writes them, without spaces and escapes, several times as fast as a JSON reader that must expect anything.</summary>
/// <remarks>
/// Gives up at whatever looks different; then the JSON reader looks at the entry and decides what it is.
/// The parts are inlined: then the names are compared as constants, and the position stays in a register. That is half of the time.
/// </remarks>
internal static class ConsulRowScanner
{
    /// <summary>Reads one entry, by whichever way.</summary>
    /// <param name="data">What begins with the entry.</param>
    /// <param name="row">The entry.</param>
    /// <returns>How long it is; 0 if it does not end here.</returns>
    /// <exception cref="JsonException">It is no entry.</exception>
    public static int Read(ReadOnlySpan<byte> data, out ConsulRow row)
    {
        int length = Scan(data, out row);
        if (length > 0)
        {
            return length;
        }

        Utf8JsonReader reader = new(data, isFinalBlock: false, default);
        return reader.Read() && ConsulRow.TryRead(ref reader, out row) ? (int)reader.BytesConsumed : 0;
    }

    private static int Scan(ReadOnlySpan<byte> data, out ConsulRow row)
    {
        row = default;
        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        ReadOnlySpan<byte> session = default;
        ulong created = 0;
        ulong modified = 0;
        int at = 0;

        // The names are compared, not looked for: Consul's encoder writes them in this order, and leaves out nothing but the session.
        bool isWhole = TryPass(data, "{\"LockIndex\":"u8, ref at) && TryNumber(data, ref at, out _)
            && TryPass(data, ",\"Key\":\""u8, ref at) && TryText(data, ref at, out key)
            && TryPass(data, ",\"Flags\":"u8, ref at) && TryDigits(data, ref at)
            && (TryPass(data, ",\"Value\":\""u8, ref at) ? TryText(data, ref at, out value) : TryPass(data, ",\"Value\":null"u8, ref at))
            && (!TryPass(data, ",\"Session\":\""u8, ref at) || TryText(data, ref at, out session))
            && TryPass(data, ",\"CreateIndex\":"u8, ref at) && TryNumber(data, ref at, out created)
            && TryPass(data, ",\"ModifyIndex\":"u8, ref at) && TryNumber(data, ref at, out modified)
            && TryPass(data, "}"u8, ref at);
        if (!isWhole || key.IsEmpty || modified is 0 or > long.MaxValue || created > long.MaxValue)
        {
            return 0;
        }

        row = new ConsulRow { RawKey = key, RawValue = value, RawSession = session, KeyIsPlain = true, CreateIndex = (long)created, ModifyIndex = (long)modified };
        return at;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryPass(ReadOnlySpan<byte> data, ReadOnlySpan<byte> expected, scoped ref int at)
    {
        if (!data[at..].StartsWith(expected))
        {
            return false;
        }

        at += expected.Length;
        return true;
    }

    /// <summary>Reads a text without escapes. Stands behind its first quotation mark, and behind the other afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryText(ReadOnlySpan<byte> data, scoped ref int at, out ReadOnlySpan<byte> text)
    {
        int length = data[at..].IndexOfAny((byte)'"', (byte)'\\');
        if (length < 0 || data[at + length] == '\\')
        {
            text = default;
            return false;
        }

        text = data.Slice(at, length);
        at += length + 1;
        return true;
    }

    /// <summary>Reads a whole number of up to 19 digits. Stands behind it afterwards.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryNumber(ReadOnlySpan<byte> data, scoped ref int at, out ulong number)
    {
        number = 0;
        int start = at;
        while (at < data.Length && (uint)(data[at] - '0') <= 9)
        {
            number = (number * 10) + (uint)(data[at++] - '0');
        }

        return at > start && at - start <= 19;
    }

    /// <summary>Passes a whole number without computing it: Flags are nineteen random digits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool TryDigits(ReadOnlySpan<byte> data, scoped ref int at)
    {
        int length = data[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
        at += Math.Max(length, 0);
        return length > 0;
    }
}
