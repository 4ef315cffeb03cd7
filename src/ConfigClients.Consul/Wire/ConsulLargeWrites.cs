using System.Globalization;

namespace ConfigClients.Consul.Wire;

/// <summary>Writes values that are too large for a transaction: a plain PUT, bound to what was read before where there is a condition.</summary>
/// <remarks>A PUT does not say which index it made, so it is read back and known by the random number in Flags.</remarks>
internal sealed class ConsulLargeWrites(ConsulHttp http, ConsulKeys keys, ConsulReads reads, ConsulTxns txns)
{
    private const int MaxTries = 8;

    /// <summary>Writes one key.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The bytes.</param>
    /// <param name="condition">What must hold.</param>
    /// <param name="session">The session to bind to, or null.</param>
    /// <param name="cancellationToken">The deadline.</param>
    public async ValueTask<WriteResult> SetAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition, string? session, CancellationToken cancellationToken)
    {
        if (session is not null)
        {
            return await SetBoundAsync(key, value, condition, session, cancellationToken).ConfigureAwait(false);
        }

        switch (condition.Kind)
        {
            case ConditionKind.None:
                return await PutAsync(key, value, "", cancellationToken).ConfigureAwait(false);
            case ConditionKind.Absent:
                return await PutAsync(key, value, "&cas=0", cancellationToken).ConfigureAwait(false);
            case ConditionKind.UnchangedSince:
                return await PutAsync(key, value, Cas(condition.Revision.Number), cancellationToken).ConfigureAwait(false);
        }

        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            ConfigEntry? entry = await reads.GetAsync(key, cancellationToken).ConfigureAwait(false);
            if (entry is null || (condition.Kind == ConditionKind.HeldBy && entry.SessionId != condition.Session!.Id))
            {
                return WriteResult.Refused(key);
            }

            // A change of the session is a new version, too: this version is held, or it is not this version.
            WriteResult result = await PutAsync(key, value, Cas(entry.Revision.Number), cancellationToken).ConfigureAwait(false);
            if (result.Applied)
            {
                return result;
            }
        }

        throw new StoreException(StoreError.Unavailable, "Others wrote the key each time between reading and writing it.");
    }

    /// <summary>
    /// Acquiring cannot be made conditional, and would take over a permanent key. So an empty key is created under the session first, if need be;
    /// what a session holds, only it can acquire again.
    /// </summary>
    private async ValueTask<WriteResult> SetBoundAsync(
        string key, ReadOnlyMemory<byte> value, Condition condition, string session, CancellationToken cancellationToken)
    {
        ConsulCommit seat = new();
        seat.Require(key, condition);
        seat.Write(key, ReadOnlyMemory<byte>.Empty, session);
        for (int attempt = 0; attempt < ConsulCommit.MaxTries; attempt++)
        {
            if (seat.Judge(await txns.ExecuteAsync(seat.Build(), cancellationToken).ConfigureAwait(false)) is { } result)
            {
                return result.Applied ? await FillAsync(key, value, session, cancellationToken).ConfigureAwait(false) : result;
            }
        }

        return WriteResult.Refused(key);
    }

    /// <summary>From here on something is written, if only the empty key: no failure may say otherwise, nor have the whole tried again.</summary>
    private async ValueTask<WriteResult> FillAsync(string key, ReadOnlyMemory<byte> value, string session, CancellationToken cancellationToken)
    {
        try
        {
            return await PutAsync(key, value, "&acquire=" + session, cancellationToken).ConfigureAwait(false);
        }
        catch (StoreException e) when (!e.MayHaveApplied)
        {
            throw new StoreException(e.Error, "The key was bound to the session, its value may be missing: " + e.Message, mayHaveApplied: true, e);
        }
    }

    private async ValueTask<WriteResult> PutAsync(string key, ReadOnlyMemory<byte> value, string condition, CancellationToken cancellationToken)
    {
        long nonce = Random.Shared.NextInt64(1, long.MaxValue);
        string path = string.Create(CultureInfo.InvariantCulture, $"{keys.Path(key)}?flags={nonce}{condition}");
        using (ConsulAnswer answer = await http.SendAsync(ConsulRequest.Put(path, value, isWrite: true), cancellationToken).ConfigureAwait(false))
        {
            answer.RequireJson();
            using ConsulBody body = new(1024);
            await answer.ReadAllAsync(body, cancellationToken).ConfigureAwait(false);
            if (!body.Unread.StartsWith("true"u8))
            {
                return body.Unread.StartsWith("false"u8)
                    ? WriteResult.Refused(key)
                    : throw ConsulFailures.Violation("The answer to a write is neither true nor false", isWrite: true);
            }
        }

        try
        {
            (ConfigEntry? entry, ulong flags, long index) = await reads.GetWithFlagsAsync(key, cancellationToken).ConfigureAwait(false);

            // Somebody wrote or deleted it since: the index before theirs is not below ours, and no version of this key ever has it.
            long written = entry is not null && flags == (ulong)nonce ? entry.Revision.Number : (entry?.Revision.Number ?? index) - 1;
            return WriteResult.Done(new Revision(written));
        }
        catch (StoreException e) when (!e.MayHaveApplied)
        {
            throw new StoreException(e.Error, "The value was written, but its revision could not be read back: " + e.Message, mayHaveApplied: true, e);
        }
    }

    private static string Cas(long index) => string.Create(CultureInfo.InvariantCulture, $"&cas={index}");
}
