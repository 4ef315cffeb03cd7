using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Consul.Wire;

/// <summary>Lists prefixes, at once or when something changes. One attempt each.</summary>
internal sealed class ConsulLists(ConsulHttp http, ConsulKeys keys, ConsulTxns txns, ILogger logger)
{
    private const int ProbesPerTransaction = 60;
    private const int MaxAttempts = 4;

    // Answers come in small chunks; the last entry of each would be looked at twice.
    private const int WorthReading = 16 * 1024;
    private static readonly TimeSpan ProbeTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Lists everything below a prefix.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="known">What was seen before: unchanged entries are taken from it. Null if nothing is known.</param>
    /// <param name="index">Wait until the result's index is above this; 0 not to wait.</param>
    /// <param name="wait">How long to wait.</param>
    /// <param name="cancellationToken">The deadline.</param>
    /// <returns>The state, with the index the answer carries; 0 if it carries none.</returns>
    /// <exception cref="StoreException">
    /// <see cref="StoreError.Denied"/> also where Consul shows an empty or shorter listing because the token may not read.
    /// </exception>
    public async ValueTask<ConfigSnapshot> ListAsync(
        string prefix, ConfigSnapshot? known, long index, TimeSpan wait, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            // A key that came back while its absence was being proved: the next listing need not wait to see it.
            ConfigSnapshot result = await ListOnceAsync(prefix, known, attempt == 0 ? index : 0, wait, cancellationToken).ConfigureAwait(false);
            bool isPlain = result.Entries.Count > 0 && known is not { Entries.Count: > 0 };
            if (isPlain || await IsProvenAsync(result, known, index > 0, cancellationToken).ConfigureAwait(false))
            {
                return result;
            }
        }

        throw new StoreException(StoreError.Unavailable, "Keys were missing from a listing and there when they were looked for, again and again.");
    }

    private async ValueTask<ConfigSnapshot> ListOnceAsync(
        string prefix, ConfigSnapshot? known, long index, TimeSpan wait, CancellationToken cancellationToken)
    {
        string waiting = index <= 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"&index={index}&wait={(long)wait.TotalMilliseconds}ms");
        using ConsulAnswer answer = await http.SendAsync(
            ConsulRequest.Get($"{keys.ListPath(prefix)}?recurse&consistent{waiting}", isWatch: index > 0), cancellationToken).ConfigureAwait(false);
        if (answer.Status == 404)
        {
            // Without an index it is no listing that found nothing, but an address that is not Consul's.
            answer.RequireIndex();
            return new ConfigSnapshot(prefix, [], answer.Index);
        }

        answer.RequireJson();
        return new ConfigSnapshot(prefix, await ReadAsync(prefix, known?.Entries ?? [], answer, cancellationToken).ConfigureAwait(false), answer.Index);
    }

    private async ValueTask<IReadOnlyList<ConfigEntry>> ReadAsync(
        string prefix, IReadOnlyList<ConfigEntry> known, ConsulAnswer answer, CancellationToken cancellationToken)
    {
        using ConsulBody body = new(ConsulHttp.MaxListBytes);
        using ConsulListing listing = new(keys, prefix, known);
        Stream stream = answer.Open();
        try
        {
            int worthReading = 0;
            bool more;
            do
            {
                more = await answer.ReceiveAsync(body, stream, cancellationToken).ConfigureAwait(false);
                if (!more || body.Unread.Length >= worthReading)
                {
                    int read = listing.Read(body.Unread, isFinal: !more);
                    body.Consume(read);

                    // Half an entry is not read again for every piece that arrives: that would be quadratic in its length.
                    worthReading = read > 0 ? WorthReading : 2 * body.Unread.Length;
                }
            }
            while (more);
        }
        catch (JsonException e)
        {
            throw answer.Malformed(e);
        }

        if (listing.Foreign > 0)
        {
            Log.ForeignKeysLeftOut(logger, prefix, listing.Foreign);
        }

        if (listing.Outside > 0)
        {
            Log.KeysOutsidePrefix(logger, prefix, listing.Outside);
        }

        return listing.ToEntries();
    }

    /// <summary>
    /// Consul hides what a token may not read: a listing is then shorter, or 404, without a word. So what is gone must be shown
    /// to be gone: a check of a key tells "missing" from "not allowed". Where nothing was known, the prefix itself must be readable.
    /// </summary>
    /// <returns>False if something is there after all.</returns>
    private async ValueTask<bool> IsProvenAsync(ConfigSnapshot result, ConfigSnapshot? known, bool isWatch, CancellationToken cancellationToken)
    {
        using CancellationTokenSource? late = isWatch ? Deadline(cancellationToken) : null;
        CancellationToken deadline = late?.Token ?? cancellationToken;
        if (known is not { Entries.Count: > 0 })
        {
            // 403 throws; anything else proves that the prefix may be read.
            using ConsulAnswer probe = await http.SendAsync(ConsulRequest.Get(keys.ProbePath(result.Prefix) + "?consistent"), deadline).ConfigureAwait(false);
            return true;
        }

        if (ReferenceEquals(result.Entries, known.Entries))
        {
            return true;
        }

        foreach (string[] gone in Gone(known.Entries, result.Entries).Chunk(ProbesPerTransaction))
        {
            ConsulOp[] checks = Array.ConvertAll(gone, static key => new ConsulOp(ConsulVerb.CheckIndex, key, Index: long.MaxValue));
            ConsulTxnAnswer answer = await txns.ExecuteAsync(checks, deadline).ConfigureAwait(false);
            foreach (ConsulTxnError error in answer.Errors)
            {
                if (ConsulErrors.FromRefusal(error.What) is { } refusal)
                {
                    throw refusal;
                }

                if (!error.IsMissing)
                {
                    return false;
                }
            }
        }

        return true;
    }

    private static IEnumerable<string> Gone(IReadOnlyList<ConfigEntry> before, IReadOnlyList<ConfigEntry> after)
    {
        int a = 0;
        foreach (ConfigEntry entry in before)
        {
            int order = -1;
            while (a < after.Count && (order = ReferenceEquals(after[a], entry) ? 0 : ConfigKey.Compare(after[a].Key, entry.Key)) < 0)
            {
                a++;
            }

            if (a == after.Count || order > 0)
            {
                yield return entry.Key;
            }
        }
    }

    private static CancellationTokenSource Deadline(CancellationToken cancellationToken)
    {
        CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        late.CancelAfter(ProbeTimeout);
        return late;
    }
}
