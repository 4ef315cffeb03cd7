using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Etcd.Wire;

/// <summary>Listings: in pages, all at the revision of the first one.</summary>
internal sealed class EtcdLists
{
    /// <summary>Fewest entries of one page: as many of the largest values a server takes by default fit into one answer.</summary>
    private const int SmallestPage = 32;

    /// <summary>Most that one listing may hold, about.</summary>
    private const long MaxBytes = 256 * 1024 * 1024;

    private readonly Func<EtcdMember, RangeRequest, CallOptions, AsyncUnaryCall<EtcdPage>> _range;
    private readonly EtcdCalls _calls;
    private readonly EtcdKeys _keys;
    private readonly ILogger _logger;

    public EtcdLists(EtcdCalls calls, EtcdKeys keys, ILogger logger)
    {
        _calls = calls;
        _keys = keys;
        _logger = logger;
        Method<RangeRequest, EtcdPage> range = new(MethodType.Unary, "etcdserverpb.KV", "Range", EtcdRow.Marshaller<RangeRequest>(), EtcdPage.Marshaller(keys));
        _range = (member, request, options) => member.Calls.AsyncUnaryCall(range, null, options, request);
    }

    /// <summary>Reads everything below a prefix.</summary>
    public async ValueTask<ConfigSnapshot> ListAsync(string prefix, CancellationToken cancellationToken)
    {
        (byte[] from, byte[] to) = _keys.Below(prefix);
        RangeRequest request = new() { Key = EtcdRow.Bytes(from), RangeEnd = EtcdRow.Bytes(to), Limit = EtcdPage.MaxRows };
        List<ConfigEntry>? entries = null;
        int foreign = 0;
        long bytes = 0;
        while (true)
        {
            EtcdPage page = await PageAsync(request, cancellationToken).ConfigureAwait(false);
            Check(page, request);
            foreign += page.Foreign;
            bytes += page.Bytes;
            if (bytes > MaxBytes)
            {
                throw new StoreException(StoreError.TooLarge, $"There is more than {MaxBytes >> 20} MiB below \"{prefix}\": too much for one listing. List or watch parts of it.");
            }

            if (entries is null)
            {
                // That of the first page: later ones carry the newest, whatever was asked for.
                request.Revision = page.Revision;
                entries = page.Entries;
                entries.EnsureCapacity((int)Math.Clamp(page.Count, 0, 1 << 20));
            }
            else
            {
                entries.AddRange(page.Entries);
            }

            if (!page.More)
            {
                break;
            }

            request.Key = EtcdRow.Bytes(EtcdKeys.After(page.Last));
        }

        if (foreign > 0)
        {
            Log.ForeignKeysLeftOut(_logger, prefix, foreign);
        }

        return new ConfigSnapshot(prefix, entries, request.Revision);
    }

    /// <summary>Asks the quorum how far it is, in a way that needs no right but to read the prefix.</summary>
    public async ValueTask<EtcdHistory> HistoryAsync(string prefix, CancellationToken cancellationToken)
    {
        (byte[] from, byte[] to) = _keys.Below(prefix);
        RangeRequest request = new() { Key = EtcdRow.Bytes(from), RangeEnd = EtcdRow.Bytes(to), Limit = 1, KeysOnly = true };
        return EtcdHistory.From((await _calls.SendAsync(
            static (member, request, options) => member.Values.RangeAsync(request, options), request, isWrite: false, cancellationToken).ConfigureAwait(false)).Header);
    }

    private async ValueTask<EtcdPage> PageAsync(RangeRequest request, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await _calls.SendAsync(_range, request, isWrite: false, cancellationToken).ConfigureAwait(false);
            }
            catch (StoreException e) when (e.Error == StoreError.TooLarge && request.Limit > SmallestPage)
            {
                request.Limit = Math.Max(SmallestPage, request.Limit / 8);
            }
        }
    }

    private static void Check(EtcdPage page, RangeRequest request)
    {
        if (page.Revision <= 0)
        {
            throw EtcdFailures.Violation("A listing came without a revision", isWrite: false);
        }

        if (page.Rows > request.Limit || (page.More && page.Rows == 0))
        {
            throw EtcdFailures.Violation("A page of a listing holds more than was asked for, or is empty and promises more", isWrite: false);
        }

        if (page.Rows > 0 && (!page.IsSorted || request.Key.Span.SequenceCompareTo(page.First) > 0 || !IsBefore(page.Last, request.RangeEnd)))
        {
            throw EtcdFailures.Violation("A listing holds keys that were not asked for, or not in their order", isWrite: false);
        }
    }

    private static bool IsBefore(byte[] name, ByteString end) =>
        (end.Length == 1 && end[0] == 0) || name.AsSpan().SequenceCompareTo(end.Span) < 0;
}
