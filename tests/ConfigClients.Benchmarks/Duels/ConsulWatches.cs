using System.Globalization;
using System.Text;
using System.Text.Json;

namespace ConfigClients.Benchmarks.Duels;

/// <summary>How soon a change is seen: ours against a bare blocking query that decodes nothing but the number.</summary>
internal sealed class ConsulWatches(Uri endpoint, Func<IConfigStore> open)
{
    private const int Changes = 300;

    public IEnumerable<Duel> All() =>
    [
        new("Consul change → watcher sees it, p50", "µs", 1.15, false, () => BareAsync("bench/watch"), () => WatchAsync("bench/watch")),
        new("Consul change → IOptionsMonitor callback, coalescing off, p50", "µs", 1.25, false,
            () => BareAsync("bench/options"), () => OptionsProbe.RunAsync(endpoint, "bench/options", Changes)),
        new("the same, 1 key changed among 10,000", "µs", 1.25, false,
            () => BareAsync("bench/list"), () => OptionsProbe.RunAsync(endpoint, "bench/list", Changes)),
    ];

    public async Task<double> BareAsync(string prefix)
    {
        ChangeLatency latency = new(Changes);
        using BareConsul reader = new(endpoint);
        using BareConsul writer = new(endpoint);
        using CancellationTokenSource stop = new();
        TaskCompletionSource ready = new();
        await writer.PutAsync($"{prefix}/number", "-1"u8.ToArray());
        Task watching = Task.Run(async () =>
        {
            long index = 0;
            while (!stop.IsCancellationRequested)
            {
                (index, byte[] body) = await reader.BlockAsync($"/v1/kv/{prefix}/?recurse", index, stop.Token);
                latency.Saw(Number(body));
                ready.TrySetResult();
            }
        });
        await ready.Task;
        double median = await latency.RunAsync(number => WriteAsync(writer, prefix, number));
        await stop.CancelAsync();
        await watching.ContinueWith(_ => { }, TaskScheduler.Default);
        return median;
    }

    public static Task WriteAsync(BareConsul writer, string prefix, int number) =>
        writer.PutAsync($"{prefix}/number", Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))).AsTask();

    private async Task<double> WatchAsync(string prefix)
    {
        ChangeLatency latency = new(Changes);
        await using IConfigStore store = open();
        using BareConsul writer = new(endpoint);
        using CancellationTokenSource stop = new();
        TaskCompletionSource ready = new();
        await writer.PutAsync($"{prefix}/number", "-1"u8.ToArray());
        Task watching = Task.Run(async () =>
        {
            await foreach (WatchBatch batch in store.WatchAsync(prefix, stop.Token))
            {
                foreach (ConfigChange change in batch.Changes)
                {
                    latency.Saw(int.Parse(change.Entry!.Value.Span, CultureInfo.InvariantCulture));
                }

                ready.TrySetResult();
            }
        });
        await ready.Task;
        double median = await latency.RunAsync(number => WriteAsync(writer, prefix, number));
        await stop.CancelAsync();
        await watching.ContinueWith(_ => { }, TaskScheduler.Default);
        return median;
    }

    /// <summary>Finds the one value, without building anything: Consul writes Key before Value.</summary>
    private static int Number(ReadOnlySpan<byte> body)
    {
        Utf8JsonReader reader = new(body);
        bool isNumber = false;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("Key"u8))
            {
                reader.Read();
                isNumber = reader.ValueSpan.EndsWith("/number"u8);
            }
            else if (isNumber && reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("Value"u8))
            {
                reader.Read();
                return int.Parse(reader.GetBytesFromBase64(), CultureInfo.InvariantCulture);
            }
        }

        return -1;
    }
}
