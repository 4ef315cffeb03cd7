using System.Security.Cryptography;
using dotnet_etcd;
using Etcdserverpb;
using Google.Protobuf;

namespace ConfigClients.Benchmarks.Duels;

/// <summary>Calls to a live etcd server: ours against the bare generated stub, and against the client of the package that the stub comes from, and against the Go client where it is at hand.</summary>
internal sealed class EtcdCalls(BareEtcd bare, EtcdClient client, PeerProcess? go, IConfigStore store)
{
    public const string List = "bench/list";
    private const int SetKeys = 64;
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1.2);

    private readonly byte[] _value = RandomNumberGenerator.GetBytes(100);
    private readonly string[] _keys = [.. Enumerable.Range(0, 10_000).Select(static i => $"{List}/section-{i / 100:D3}/key-{i:D5}")];
    private int _turn;

    public async Task PrepareAsync()
    {
        foreach (string[] chunk in _keys.Chunk(60))
        {
            Transaction transaction = new();
            foreach (string key in chunk)
            {
                transaction.Set(key, RandomNumberGenerator.GetBytes(100));
            }

            await store.CommitAsync(transaction);
        }
    }

    public IEnumerable<Duel> All() =>
    [
        new("etcd get 100 B, one in flight, p50", "µs", 1.05, false,
            () => Stat.MedianMicrosecondsAsync(BareGetAsync, Round),
            () => Stat.MedianMicrosecondsAsync(GetAsync, Round)),
        new("the same, against dotnet-etcd", "µs", 1.00, false,
            () => Stat.MedianMicrosecondsAsync(ClientGetAsync, Round),
            () => Stat.MedianMicrosecondsAsync(GetAsync, Round)),
        new("managed bytes per etcd get 100 B (target 400 B more is 1.06 of bare's 7.2 KB)", "B", 7600.0 / 7200, false,
            () => Stat.BytesPerOperationAsync(BareGetAsync, 5_000),
            () => Stat.BytesPerOperationAsync(GetAsync, 5_000)),
        new("etcd get 100 B, 64 in flight, against dotnet-etcd", "/s", 3, true,
            () => Stat.ThroughputAsync(ClientGetAsync, 64, Round),
            () => Stat.ThroughputAsync(GetAsync, 64, Round)),
        new("etcd get 100 B, 256 in flight, against dotnet-etcd", "/s", 5, true,
            () => Stat.ThroughputAsync(ClientGetAsync, 256, Round),
            () => Stat.ThroughputAsync(GetAsync, 256, Round)),
        new("etcd set 100 B, 64 keys in turn, 64 in flight, against dotnet-etcd", "/s", 1.05, true,
            () => Stat.ThroughputAsync(ClientSetAsync, 64, Round),
            () => Stat.ThroughputAsync(SetAsync, 64, Round)),
        new("etcd list of 10,000 keys, p50", "µs", 1.10, false,
            () => Stat.MedianMicrosecondsAsync(async () => await bare.ListAsync(List), Round),
            () => Stat.MedianMicrosecondsAsync(async () => await store.ListAsync(List), Round)),
        .. go is null ? [] : AgainstGo(go),
    ];

    private IEnumerable<Duel> AgainstGo(PeerProcess peer) =>
    [
        new("etcd get 100 B, 64 in flight, against the Go client", "/s", 3, true,
            () => peer.AskAsync($"get 64 {Round.TotalMilliseconds}"),
            () => Stat.ThroughputAsync(GetAsync, 64, Round)),
        new("etcd get 100 B, 256 in flight, against the Go client", "/s", 5, true,
            () => peer.AskAsync($"get 256 {Round.TotalMilliseconds}"),
            () => Stat.ThroughputAsync(GetAsync, 256, Round)),
    ];

    /// <summary>Figures that have no peer: sizes, and what a set costs that the store cannot guess right.</summary>
    public async Task<IReadOnlyList<string>> FactsAsync()
    {
        double bytes = await Stat.BytesPerOperationAsync(async () => await store.ListAsync(List), 20);
        double bareBytes = await Stat.BytesPerOperationAsync(async () => await bare.ListAsync(List), 20);
        double shared = await Stat.BytesPerOperationInFlightAsync(GetAsync, 64);
        double known = await Stat.ThroughputAsync(SetAsync, 64, Round);
        double unknown = await Stat.ThroughputAsync(SetAnyAsync, 64, Round);
        return
        [
            $"etcd: {known:N0} sets/s of keys that the store set before, {unknown:N0} sets/s in turn over {_keys.Length:N0} keys, most of them not lately (64 in flight).",
            $"etcd: a list of 10,000 keys of 100 B allocates {bytes / 1_000_000:F2} MB (target ≤ 7 MB; the bare message {bareBytes / 1_000_000:F2} MB).",
            $"etcd: a get of 100 B with 64 in flight allocates {shared:N0} B.",
        ];
    }

    // Different keys: nothing in between may answer two reads at once.
    private string NextKey(int count) => _keys[(int)((uint)Interlocked.Increment(ref _turn) % (uint)count)];

    private async ValueTask GetAsync() => await store.GetAsync(NextKey(_keys.Length));

    private async ValueTask BareGetAsync() => await bare.GetAsync(NextKey(_keys.Length));

    private async ValueTask ClientGetAsync() => await client.GetAsync(NextKey(_keys.Length));

    private async ValueTask SetAsync() => await store.SetAsync(NextKey(SetKeys), _value);

    private async ValueTask SetAnyAsync() => await store.SetAsync(NextKey(_keys.Length), _value);

    private async ValueTask ClientSetAsync() =>
        await client.PutAsync(new PutRequest { Key = ByteString.CopyFromUtf8(NextKey(SetKeys)), Value = ByteString.CopyFrom(_value) });
}
