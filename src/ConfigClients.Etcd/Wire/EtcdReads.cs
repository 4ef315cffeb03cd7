using System.Runtime.CompilerServices;
using ConfigClients.Adapters;
using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;

namespace ConfigClients.Etcd.Wire;

/// <summary>Reads of single keys: one alone, or many in one request while others are under way. Linearizable: the leader asks the quorum before it answers.</summary>
internal sealed class EtcdReads
{
    /// <summary>What a transaction takes by default.</summary>
    private const int MaxBatch = 128;

    /// <summary>Larger ones are read alone: an answer with many of them would keep the small ones waiting.</summary>
    private const int LargeBytes = 32 * 1024;

    private static readonly Func<EtcdMember, RangeRequest, CallOptions, AsyncUnaryCall<RangeResponse>> Range =
        static (member, request, options) => member.Values.RangeAsync(request, options);

    private static readonly Func<EtcdMember, TxnRequest, CallOptions, AsyncUnaryCall<TxnResponse>> Txn =
        static (member, request, options) => member.Values.TxnAsync(request, options);

    private readonly ReadCoalescer<ConfigEntry?> _shared;
    private readonly EtcdCalls _calls;
    private readonly EtcdKeys _keys;

    public EtcdReads(EtcdCalls calls, EtcdKeys keys, TimeSpan timeout, TimeProvider time, CancellationToken stopping)
    {
        _calls = calls;
        _keys = keys;
        _shared = new ReadCoalescer<ConfigEntry?>(ReadOneAsync, ReadManyAsync, static entry => entry?.Value.Length > LargeBytes, MaxBatch, timeout, time, stopping);
    }

    /// <summary>Reads one key.</summary>
    public ValueTask<ConfigEntry?> GetAsync(string key, CancellationToken cancellationToken) => _shared.ReadAsync(key, cancellationToken);

    /// <summary>Reads the value of one key.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ReadOnlyMemory<byte>?> GetValueAsync(string key, CancellationToken cancellationToken) =>
        (await _shared.ReadAsync(key, cancellationToken).ConfigureAwait(false))?.Value;

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<ConfigEntry?> ReadOneAsync(string key, CancellationToken cancellationToken)
    {
        ByteString stored = EtcdRow.Bytes(_keys.Stored(key));
        RangeResponse answer = await _calls.SendAsync(Range, new RangeRequest { Key = stored }, isWrite: false, cancellationToken).ConfigureAwait(false);
        CheckHeader(answer.Header);
        return Entry(key, stored, answer);
    }

    private async ValueTask<IReadOnlyList<ConfigEntry?>> ReadManyAsync(IReadOnlyList<string> wanted, CancellationToken cancellationToken)
    {
        TxnRequest request = new();
        foreach (string key in wanted)
        {
            request.Success.Add(new RequestOp { RequestRange = new RangeRequest { Key = EtcdRow.Bytes(_keys.Stored(key)) } });
        }

        TxnResponse answer = await _calls.SendAsync(Txn, request, isWrite: false, cancellationToken).ConfigureAwait(false);
        CheckHeader(answer.Header);
        if (answer.Responses.Count != wanted.Count)
        {
            throw EtcdFailures.Violation($"{wanted.Count} keys were asked for and {answer.Responses.Count} answered", isWrite: false);
        }

        ConfigEntry?[] entries = new ConfigEntry?[wanted.Count];
        for (int i = 0; i < entries.Length; i++)
        {
            RangeResponse one = answer.Responses[i].ResponseRange ?? throw EtcdFailures.Violation("A read was answered by something else", isWrite: false);
            entries[i] = Entry(wanted[i], request.Success[i].RequestRange.Key, one);
        }

        return entries;
    }

    /// <summary>Every answer has a header. Without it, nothing at all would pass for a key that is not there.</summary>
    private static void CheckHeader(ResponseHeader? header)
    {
        if (header is not { Revision: > 0 })
        {
            throw EtcdFailures.Violation("A read was answered without a revision", isWrite: false);
        }
    }

    private static ConfigEntry? Entry(string key, ByteString stored, RangeResponse answer)
    {
        if (answer.Kvs.Count == 0)
        {
            return null;
        }

        // Another key's value under this name would be worse than no answer.
        return answer.Kvs.Count == 1 && answer.Kvs[0].Key.Equals(stored)
            ? EtcdRow.Entry(key, answer.Kvs[0])
            : throw EtcdFailures.Violation("A read of one key was answered by another", isWrite: false);
    }
}
