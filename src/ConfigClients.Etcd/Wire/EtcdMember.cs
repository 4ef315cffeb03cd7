using Etcdserverpb;
using Grpc.Core;
using Grpc.Net.Client;

namespace ConfigClients.Etcd.Wire;

/// <summary>One endpoint of the cluster: its channel, and whether calls go to it. Thread-safe.</summary>
internal sealed class EtcdMember : IDisposable
{
    private readonly GrpcChannel _channel;
    private readonly EtcdConnections? _connections;

    public EtcdMember(Uri endpoint, HttpMessageHandler handler, EtcdConnections? connections = null)
    {
        _connections = connections;
        Name = endpoint.GetLeftPart(UriPartial.Authority);
        _channel = GrpcChannel.ForAddress(endpoint, new GrpcChannelOptions
        {
            HttpHandler = handler,
            DisposeHttpClient = true,

            // A server may say "cancelled" and "deadline exceeded", too, and that is no cancellation of the caller's.
            ThrowOperationCanceledOnCancellation = false,

            // Nothing is sent twice unless this store decides so; and no configuration is fetched from DNS.
            ServiceConfig = null,
            DisableResolverServiceConfig = true,
            MaxRetryAttempts = null,
            MaxReceiveMessageSize = MaxAnswerBytes,

            // No limit would hold for what a compressed answer becomes. Etcd sends none unless asked.
            CompressionProviders = [],
        });
        Calls = _channel.CreateCallInvoker();
        Values = new KV.KVClient(Calls);
        Watches = new Etcdserverpb.Watch.WatchClient(_channel);
        Leases = new Lease.LeaseClient(_channel);
        Access = new Auth.AuthClient(_channel);
        Maintenance = new Maintenance.MaintenanceClient(_channel);
    }

    /// <summary>The largest answer that is taken, in bytes. Listings are read in pages that stay below it.</summary>
    public const int MaxAnswerBytes = 64 * 1024 * 1024;

    /// <summary>Scheme, host and port.</summary>
    public string Name { get; }

    /// <summary>For calls whose answers are not read as the package's messages.</summary>
    public CallInvoker Calls { get; }

    public KV.KVClient Values { get; }

    public Etcdserverpb.Watch.WatchClient Watches { get; }

    public Lease.LeaseClient Leases { get; }

    public Auth.AuthClient Access { get; }

    public Maintenance.MaintenanceClient Maintenance { get; }

    /// <summary>0 while calls go to it, 1 while it is left alone and probed.</summary>
    public int LeftAlone;

    /// <summary>0 until its version was looked at.</summary>
    public int Inspected;

    /// <summary>1 while a probe looks whether it is as silent as it seems.</summary>
    public int Suspected;

    /// <summary>Gives up its connections: what waits on them fails, and what comes next connects anew.</summary>
    public void Disconnect() => _connections?.Abort();

    public void Dispose() => _channel.Dispose();
}
