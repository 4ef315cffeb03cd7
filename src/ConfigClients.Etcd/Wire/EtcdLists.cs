using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;
using Mvccpb;

namespace ConfigClients.Etcd.Wire;

/// <summary>Listings: in pages, all at the revision of the first one.</summary>
internal sealed class EtcdLists(EtcdCalls calls, EtcdKeys keys, ILogger logger)
{
    /// <summary>Most entries of one page. Small values: one page is all there is.</summary>
    private const int LargestPage = 16_384;

    /// <summary>Fewest: as many of the largest values a server takes by default fit into one answer.</summary>
    private const int SmallestPage = 32;

    /// <summary>Most that one listing may hold, about, with what each entry costs by itself.</summary>
    private const long MaxBytes = 256 * 1024 * 1024;

    private const int BytesPerEntry = 128;

    private static readonly Func<EtcdMember, RangeRequest, CallOptions, AsyncUnaryCall<RangeResponse>> Range =
        static (member, request, options) => member.Values.RangeAsync(request, options);

    /// <summary>Reads everything below a prefix.</summary>
    public async ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        (byte[] from, byte[] to) = keys.Below(prefix);
        RangeRequest request = new() { Key = EtcdRow.Bytes(from), RangeEnd = EtcdRow.Bytes(to), Limit = LargestPage };
        List<ConfigEntry> entries = [];
        int foreign = 0;
        long bytes = 0;
        while (true)
        {
            RangeResponse page = await PageAsync(request, cancellationToken).ConfigureAwait(false);
            Check(page, request);
            if (request.Revision == 0)
            {
                // That of the first page: later ones carry the newest, whatever was asked for.
                request.Revision = page.Header.Revision;
                entries.Capacity = (int)Math.Clamp(page.Count, page.Kvs.Count, 1 << 20);
            }

            foreign += Take(page, request, entries, ref bytes);
            if (bytes > MaxBytes)
            {
                throw new StoreException(StoreError.TooLarge, $"There is more than {MaxBytes >> 20} MiB below \"{prefix}\": too much for one listing. List or watch parts of it.");
            }

            if (!page.More)
            {
                break;
            }

            request.Key = EtcdRow.Bytes(EtcdKeys.After(page.Kvs[^1].Key.Span));
        }

        if (foreign > 0)
        {
            Log.ForeignKeysLeftOut(logger, prefix, foreign);
        }

        return new ConfigSnapshot(prefix, entries, request.Revision);
    }

    /// <summary>Asks the quorum how far it is, in a way that needs no right but to read the prefix.</summary>
    public async ValueTask<EtcdHistory> HistoryAsync(string prefix, CancellationToken cancellationToken)
    {
        (byte[] from, byte[] to) = keys.Below(prefix);
        RangeRequest request = new() { Key = EtcdRow.Bytes(from), RangeEnd = EtcdRow.Bytes(to), Limit = 1, KeysOnly = true };
        return EtcdHistory.From((await calls.SendAsync(Range, request, isWrite: false, cancellationToken).ConfigureAwait(false)).Header);
    }

    private async ValueTask<RangeResponse> PageAsync(RangeRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await calls.SendAsync(Range, request, isWrite: false, cancellationToken).ConfigureAwait(false);
            }
            catch (StoreException e) when (e.Error == StoreError.TooLarge && request.Limit > SmallestPage)
            {
                request.Limit = Math.Max(SmallestPage, request.Limit / 8);
            }
        }
    }

    private static void Check(RangeResponse page, RangeRequest request)
    {
        if (page.Header is not { Revision: > 0 })
        {
            throw EtcdFailures.Violation("A listing came without a revision", isWrite: false);
        }

        if (page.Kvs.Count > request.Limit || (page.More && page.Kvs.Count == 0))
        {
            throw EtcdFailures.Violation("A page of a listing holds more than was asked for, or is empty and promises more", isWrite: false);
        }
    }

    /// <summary>Takes in one page. Returns how many names were none of this store's.</summary>
    private int Take(RangeResponse page, RangeRequest request, List<ConfigEntry> entries, ref long bytes)
    {
        int foreign = 0;
        ByteString? last = null;
        foreach (KeyValue row in page.Kvs)
        {
            if (!IsInOrder(last ?? request.Key, row.Key, isFirst: last is null) || !IsBefore(row.Key, request.RangeEnd))
            {
                throw EtcdFailures.Violation("A listing holds keys that were not asked for, or not in their order", isWrite: false);
            }

            last = row.Key;
            bytes += row.Key.Length + row.Value.Length + BytesPerEntry;
            if (EtcdRow.Entry(keys, row) is { } entry)
            {
                entries.Add(entry);
            }
            else
            {
                foreign++;
            }
        }

        return foreign;
    }

    private static bool IsInOrder(ByteString before, ByteString key, bool isFirst) =>
        before.Span.SequenceCompareTo(key.Span) < (isFirst ? 1 : 0);

    private static bool IsBefore(ByteString key, ByteString end) =>
        (end.Length == 1 && end[0] == 0) || key.Span.SequenceCompareTo(end.Span) < 0;
}
