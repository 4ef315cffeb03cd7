using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ConfigClients.ZooKeeper;

namespace ConfigClients.Benchmarks.Duels;

/// <summary>Calls to a live ZooKeeper server: client and store against a bare socket, and against the Java client.</summary>
internal sealed class ZooKeeperCalls(BareZooKeeper bare, PeerProcess java, ZooKeeperClient client, IConfigStore store)
{
    public const string List = "bench/list";
    private const int SetKeys = 64;
    private const int Milliseconds = 1_200;
    private static readonly TimeSpan Round = TimeSpan.FromMilliseconds(Milliseconds);

    private readonly byte[] _value = RandomNumberGenerator.GetBytes(100);
    private readonly string[] _keys = [.. Enumerable.Range(0, 10_000).Select(static i => $"{List}/section-{i / 100:D3}/key-{i:D5}")];
    private string[] _paths = [];
    private int _turn;

    public async Task PrepareAsync()
    {
        _paths = [.. _keys.Select(static key => "/" + key)];
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
        new("ZooKeeper client get 100 B, one in flight, p50, against a blocking socket", "µs", 1.15, false,
            () => Stat.MedianMicrosecondsAsync(BareGetAsync, Round),
            () => Stat.MedianMicrosecondsAsync(ClientGetAsync, Round)),
        new("the same, against Java", "µs", 1.00, false,
            () => java.AskAsync($"get 1 {Milliseconds}"),
            () => Stat.MedianMicrosecondsAsync(ClientGetAsync, Round)),
        new("ZooKeeper store get 100 B, one in flight, p50, against Java", "µs", 1.00, false,
            () => java.AskAsync($"get 1 {Milliseconds}"),
            () => Stat.MedianMicrosecondsAsync(GetAsync, Round)),
        new("ZooKeeper client get 100 B, 64 in flight, against Java", "/s", 8, true,
            () => java.AskAsync($"get 64 {Milliseconds}"),
            () => Stat.ThroughputAsync(ClientGetAsync, 64, Round)),
        new("ZooKeeper client get 100 B, 256 in flight, against Java", "/s", 20, true,
            () => java.AskAsync($"get 256 {Milliseconds}"),
            () => Stat.ThroughputAsync(ClientGetAsync, 256, Round)),
        new("ZooKeeper store get 100 B, 64 in flight, against Java", "/s", 8, true,
            () => java.AskAsync($"get 64 {Milliseconds}"),
            () => Stat.ThroughputAsync(GetAsync, 64, Round)),
        new("ZooKeeper store get 100 B, 256 in flight, against Java", "/s", 20, true,
            () => java.AskAsync($"get 256 {Milliseconds}"),
            () => Stat.ThroughputAsync(GetAsync, 256, Round)),
        new("ZooKeeper client set 100 B, 64 in flight, against Java", "/s", 1.15, true,
            () => java.AskAsync($"set 64 {Milliseconds}"),
            () => Stat.ThroughputAsync(ClientSetAsync, 64, Round)),
        new("ZooKeeper store set 100 B, 64 in flight, against Java", "/s", 1.15, true,
            () => java.AskAsync($"set 64 {Milliseconds}"),
            () => Stat.ThroughputAsync(SetAsync, 64, Round)),
        new("ZooKeeper list of 10,000 keys, p50, against Java's children and gets", "µs", 0.1, false,
            () => java.AskAsync($"list {Milliseconds}"),
            () => Stat.MedianMicrosecondsAsync(async () => await store.ListAsync(List), Round)),
    ];

    /// <summary>Figures that have no peer: sizes.</summary>
    public async Task<IReadOnlyList<string>> FactsAsync()
    {
        double clientBytes = await Stat.BytesPerOperationAsync(ClientGetAsync, 20_000);
        double storeBytes = await Stat.BytesPerOperationAsync(GetAsync, 20_000);
        double sharedClient = await Stat.BytesPerOperationInFlightAsync(ClientGetAsync, 64);
        double sharedStore = await Stat.BytesPerOperationInFlightAsync(GetAsync, 64);
        double list = await Stat.BytesPerOperationAsync(async () => await store.ListAsync(List), 20);
        return
        [
            $"ZooKeeper: a get of 100 B allocates {clientBytes:N0} B in the client (target ≤ 160 B), {storeBytes:N0} B in the store (target ≤ 320 B), its value included.",
            $"ZooKeeper: with 64 in flight {sharedClient:N0} B in the client, {sharedStore:N0} B in the store.",
            $"ZooKeeper: a list of 10,000 keys of 100 B allocates {list / 1_000_000:F2} MB (target ≤ 4 MB).",
        ];
    }

    // What measures allocates nothing itself.
    // Different keys: nothing in between may answer two reads at once.
    private int Next(int count) => (int)((uint)Interlocked.Increment(ref _turn) % (uint)count);

    private ValueTask BareGetAsync()
    {
        bare.Get(_paths[Next(_paths.Length)]);
        return ValueTask.CompletedTask;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ClientGetAsync() => await client.GetDataAsync(_paths[Next(_paths.Length)]);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask GetAsync() => await store.GetAsync(_keys[Next(_keys.Length)]);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ClientSetAsync() => await client.SetDataAsync(_paths[Next(SetKeys)], _value);

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SetAsync() => await store.SetAsync(_keys[Next(SetKeys)], _value);
}
