using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace ConfigClients.Consul.Wire;

/// <summary>Reads one key. One attempt each; the caller brings deadline and retries.</summary>
internal sealed class ConsulReads(ConsulHttp http, ConsulKeys keys)
{
    // A value of 512 KiB in base64, and what stands around it. Servers may be set to take larger ones.
    private const long MaxEntryBytes = 8 * 1024 * 1024;

    /// <summary>Reads a key whole.</summary>
    /// <returns>The entry, or null if there is none.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken)
    {
        (ConfigEntry? entry, _, _) = await GetWithFlagsAsync(key, cancellationToken).ConfigureAwait(false);
        return entry;
    }

    /// <summary>Reads a key whole, with the number its writer put there, and the index of the answer.</summary>
    public ValueTask<(ConfigEntry? Entry, ulong Flags, long Index)> GetWithFlagsAsync(string key, CancellationToken cancellationToken) =>
        WaitAsync(key, 0, default, cancellationToken);

    /// <summary>The same, as soon as the index of the answer is above one that was seen, or when the wait is over; an index of 0 does not wait.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<(ConfigEntry? Entry, ulong Flags, long Index)> WaitAsync(string key, long index, TimeSpan wait, CancellationToken cancellationToken)
    {
        string waiting = index <= 0 ? "?consistent" : string.Create(CultureInfo.InvariantCulture, $"?consistent&index={index}&wait={(long)wait.TotalMilliseconds}ms");
        using ConsulAnswer answer = await http.SendAsync(ConsulRequest.Get(keys.Path(key, waiting), isWatch: index > 0), cancellationToken).ConfigureAwait(false);
        answer.RequireIndex();
        if (answer.Status == 404)
        {
            return (null, 0, answer.Index);
        }

        answer.RequireJson();
        using ConsulBody body = new(MaxEntryBytes);
        await answer.ReadAllAsync(body, cancellationToken).ConfigureAwait(false);
        try
        {
            ConfigEntry entry = Parse(key, body.Unread, out ulong flags);
            return (entry, flags, answer.Index);
        }
        catch (JsonException e)
        {
            throw answer.Malformed(e);
        }
    }

    /// <summary>Reads a value alone, as it lies there.</summary>
    /// <returns>The bytes, or null if there is no such key.</returns>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken)
    {
        using ConsulAnswer answer = await http.SendAsync(ConsulRequest.Get(keys.Path(key, "?raw&consistent")), cancellationToken).ConfigureAwait(false);
        answer.RequireIndex();
        if (answer.Status == 404)
        {
            return null;
        }

        using ConsulBody body = new(MaxEntryBytes);
        await answer.ReadAllAsync(body, cancellationToken).ConfigureAwait(false);
        return body.Unread.ToArray();
    }

    private ConfigEntry Parse(string key, ReadOnlySpan<byte> body, out ulong flags)
    {
        Utf8JsonReader reader = new(body);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray || !reader.Read() || !ConsulRow.TryRead(ref reader, out ConsulRow row))
        {
            throw new JsonException("an array of one entry was expected");
        }

        if (!IsFor(key, row))
        {
            throw new JsonException("the entry is another key's");
        }

        flags = row.Flags;
        return new ConfigEntry(
            key, row.DecodeValue(), new Revision(row.ModifyIndex), row.CreateIndex, row.RawSession.IsEmpty ? null : Encoding.UTF8.GetString(row.RawSession));
    }

    private bool IsFor(string key, in ConsulRow row)
    {
        int head = keys.Head.Length;
        return row.KeyIsPlain && row.RawKey.StartsWith(keys.Head) && Ascii.Equals(row.RawKey[head..], key)
            || string.Equals(row.Key, keys.Stored(key), StringComparison.Ordinal);
    }
}
