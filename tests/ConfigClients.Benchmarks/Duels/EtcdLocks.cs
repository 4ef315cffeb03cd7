using dotnet_etcd;
using Etcdserverpb;
using Google.Protobuf;
using V3Lockpb;

namespace ConfigClients.Benchmarks.Duels;

/// <summary>Locks on a live etcd server: ours against the server's own lock interface, through the client of the package.</summary>
internal sealed class EtcdLocks(Uri endpoint, EtcdClient client, IConfigStore store, Func<IConfigStore> open)
{
    private const int LeaseSeconds = 60;
    private static readonly TimeSpan Uncontended = TimeSpan.FromSeconds(1.2);

    public IEnumerable<Duel> All() =>
    [
        new("etcd lock and release, uncontended, p50, against dotnet-etcd's lock", "µs", 1.00, false, ClientAloneAsync, () => LockLoops.AloneAsync(store)),
        new("etcd lock, 8 contenders, hand-overs, against the server's lock through dotnet-etcd", "/s", 10, true, ClientHandOversAsync, HandOversAsync),
    ];

    private async Task<double> ClientAloneAsync()
    {
        long lease = await GrantAsync(client);
        string name = LockLoops.NewName();
        return await Stat.MedianMicrosecondsAsync(async () => await LockAsync(client, name, lease), Uncontended);
    }

    private async Task<double> ClientHandOversAsync()
    {
        string name = LockLoops.NewName();
        EtcdClient[] clients = [.. Enumerable.Range(0, LockLoops.Contenders).Select(_ => new EtcdClient(
            endpoint.ToString(), configureChannelOptions: static options => options.Credentials = Grpc.Core.ChannelCredentials.Insecure))];
        long[] leases = await Task.WhenAll(clients.Select(GrantAsync));
        double rate = await LockLoops.RateAsync(clients.Length, contender => LockAsync(clients[contender], name, leases[contender]));
        foreach (EtcdClient contender in clients)
        {
            contender.Dispose();
        }

        return rate;
    }

    private async Task<double> HandOversAsync()
    {
        IConfigStore[] stores = [.. Enumerable.Range(0, LockLoops.Contenders).Select(_ => open())];
        double rate = await LockLoops.HandOversAsync(stores);
        await Task.WhenAll(stores.Select(static one => one.DisposeAsync().AsTask()));
        return rate;
    }

    private static async Task<long> GrantAsync(EtcdClient client) => (await client.LeaseGrantAsync(new LeaseGrantRequest { TTL = LeaseSeconds })).ID;

    private static async Task LockAsync(EtcdClient client, string name, long lease)
    {
        LockResponse held = await client.LockAsync(new LockRequest { Name = ByteString.CopyFromUtf8(name), Lease = lease });
        await client.UnlockAsync(new UnlockRequest { Key = held.Key });
    }
}
