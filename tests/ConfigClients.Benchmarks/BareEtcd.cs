using Etcdserverpb;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;

namespace ConfigClients.Benchmarks;

/// <summary>What a careful engineer writes with generated stubs and nothing else: one channel, one message per call. The yardstick.</summary>
internal sealed class BareEtcd : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly KV.KVClient _values;
    private readonly Watch.WatchClient _watches;

    public BareEtcd(Uri endpoint)
    {
        _channel = GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions { MaxReceiveMessageSize = null });
        _values = new KV.KVClient(_channel);
        _watches = new Watch.WatchClient(_channel);
    }

    /// <summary>Reads one key, as the message it comes in.</summary>
    public async ValueTask<ByteString> GetAsync(string key)
    {
        RangeResponse answer = await _values.RangeAsync(new RangeRequest { Key = ByteString.CopyFromUtf8(key) });
        return answer.Kvs[0].Value;
    }

    public async ValueTask<int> ListAsync(string prefix)
    {
        RangeResponse answer = await _values.RangeAsync(new RangeRequest
        {
            Key = ByteString.CopyFromUtf8(prefix + "/"), RangeEnd = ByteString.CopyFromUtf8(prefix + "0"),
        });
        return answer.Kvs.Count;
    }

    public async ValueTask PutAsync(string key, byte[] value) =>
        await _values.PutAsync(new PutRequest { Key = ByteString.CopyFromUtf8(key), Value = ByteString.CopyFrom(value) });

    /// <summary>Watches what lies below a prefix and hands over each value.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="ready">Called when the server watches.</param>
    /// <param name="saw">Called with each value.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task WatchAsync(string prefix, Action ready, Action<ReadOnlyMemory<byte>> saw, CancellationToken cancellationToken)
    {
        using AsyncDuplexStreamingCall<WatchRequest, WatchResponse> call = _watches.Watch(cancellationToken: cancellationToken);
        await call.RequestStream.WriteAsync(
            new WatchRequest
            {
                CreateRequest = new WatchCreateRequest { Key = ByteString.CopyFromUtf8(prefix + "/"), RangeEnd = ByteString.CopyFromUtf8(prefix + "0") },
            },
            cancellationToken);
        while (await call.ResponseStream.MoveNext(cancellationToken))
        {
            WatchResponse told = call.ResponseStream.Current;
            if (told.Created)
            {
                ready();
            }

            foreach (Mvccpb.Event change in told.Events)
            {
                saw(change.Kv.Value.Memory);
            }
        }
    }

    public void Dispose() => _channel.Dispose();
}
