using System.Security.Cryptography;
using System.Text;

namespace ConfigClients.Benchmarks.Duels;

/// <summary>Reads of a live Consul server: ours against a bare HttpClient that throws the body away.</summary>
internal sealed class ConsulReads(BareConsul bare, IConfigStore store)
{
    private const string Small = "bench/small";
    private const string Large = "bench/large";
    private const string List = "bench/list";
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1.2);

    public async Task PrepareAsync()
    {
        await store.SetAsync(Small, RandomNumberGenerator.GetBytes(100));
        await store.SetAsync(Large, RandomNumberGenerator.GetBytes(10 * 1024));
        foreach (int[] chunk in Enumerable.Range(0, 10_000).Chunk(60))
        {
            Transaction transaction = new();
            foreach (int i in chunk)
            {
                transaction.Set($"{List}/section-{i / 100:D3}/key-{i:D5}", Encoding.ASCII.GetBytes(RandomNumberGenerator.GetHexString(100)));
            }

            await store.CommitAsync(transaction);
        }
    }

    public IEnumerable<Duel> All() =>
    [
        new("Consul get 100 B, one in flight, p50", "µs", 1.10, false,
            () => Stat.MedianMicrosecondsAsync(() => bare.GetAsync($"/v1/kv/{Small}?consistent"), Round),
            () => Stat.MedianMicrosecondsAsync(async () => await store.GetAsync(Small), Round)),
        new("Consul get value alone 10 KB, p50, against the same ?raw GET", "µs", 1.15, false,
            () => Stat.MedianMicrosecondsAsync(() => bare.GetAsync($"/v1/kv/{Large}?raw&consistent"), Round),
            () => Stat.MedianMicrosecondsAsync(async () => await store.GetValueAsync(Large), Round)),
        new("Consul get entry 10 KB, p50, against the same JSON GET", "µs", 1.15, false,
            () => Stat.MedianMicrosecondsAsync(() => bare.GetAsync($"/v1/kv/{Large}?consistent"), Round),
            () => Stat.MedianMicrosecondsAsync(async () => await store.GetAsync(Large), Round)),
        new("managed bytes per Consul get 100 B (target 2.6 KB is 1.18 of bare's 2.2 KB)", "B", 2600.0 / 2200, false,
            () => Stat.BytesPerOperationAsync(() => bare.GetAsync($"/v1/kv/{Small}?consistent"), 5_000),
            () => Stat.BytesPerOperationAsync(async () => await store.GetAsync(Small), 5_000)),
        new("Consul get 100 B, 64 in flight", "/s", 0.95, true,
            () => Stat.ThroughputAsync(() => bare.GetAsync($"/v1/kv/{Small}?consistent"), 64, Round),
            () => Stat.ThroughputAsync(async () => await store.GetAsync(Small), 64, Round)),
        new("Consul list of 10,000 keys, p50", "µs", 1.30, false,
            () => Stat.MedianMicrosecondsAsync(() => bare.GetAsync($"/v1/kv/{List}/?recurse&consistent"), Round),
            () => Stat.MedianMicrosecondsAsync(async () => await store.ListAsync(List), Round)),
    ];

    /// <summary>Figures that have no peer: a count of errors, a size.</summary>
    public async Task<IReadOnlyList<string>> FactsAsync(Uri endpoint)
    {
        double listBytes = await Stat.BytesPerOperationAsync(async () => await store.ListAsync(List), 20);
        using BareConsul unbounded = new(endpoint);
        string bareAt256 = await OutcomeAsync(() => Stat.ThroughputAsync(() => unbounded.GetAsync($"/v1/kv/{Small}?consistent"), 256, Round));
        string oursAt256 = await OutcomeAsync(() => Stat.ThroughputAsync(async () => await store.GetAsync(Small), 256, Round));
        return
        [
            $"List of 10,000 keys of 100 B allocates {listBytes / 1_000_000:F2} MB (target ≤ 3 MB).",
            $"256 in flight against the server's default limit of 200 connections: ConfigClients {oursAt256}; an unbounded HttpClient {bareAt256}.",
        ];
    }

    private static async Task<string> OutcomeAsync(Func<Task<double>> run)
    {
        try
        {
            return $"no error, {await run():N0}/s";
        }
        catch (Exception e)
        {
            return $"fails with {e.GetType().Name}";
        }
    }
}
