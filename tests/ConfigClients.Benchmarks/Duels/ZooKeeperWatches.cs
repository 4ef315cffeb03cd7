using System.Globalization;
using System.Text;
using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.Benchmarks.Duels;

/// <summary>How soon a change is seen: ours against Java's persistent recursive watch and a get.</summary>
/// <remarks>The writer is a bare socket for both; Java's clock is the same as ours, the machine's monotonic one.</remarks>
internal sealed class ZooKeeperWatches(ZooKeeperBackend server, PeerProcess java, Func<IConfigStore> open)
{
    private const int Changes = 300;
    private const string Prefix = "bench/watch";
    private const string Path = $"/{Prefix}/number";

    public IEnumerable<Duel> All() => [new("ZooKeeper change → watcher has the value, p50, against Java", "µs", 1.00, false, JavaAsync, WatchAsync)];

    public async Task PrepareAsync()
    {
        await using IConfigStore store = open();
        await store.SetAsync($"{Prefix}/number", "0");
    }

    private async Task<double> JavaAsync()
    {
        ChangeLatency latency = new(Changes);
        using BareZooKeeper writer = new(server.Host, server.Port);
        await java.LineAsync($"watch {Path}");
        Task<string> answer = java.LineAsync(null);
        Task<double> median = latency.RunAsync(number => Write(writer, number));
        while (!median.IsCompleted && !answer.IsCompleted)
        {
            await Task.Delay(20);
            if (latency.AllWritten)
            {
                await Write(writer, -1);
                foreach (string seen in (await answer).Split(' ', StringSplitOptions.RemoveEmptyEntries))
                {
                    string[] parts = seen.Split(':');
                    latency.Saw(int.Parse(parts[0], CultureInfo.InvariantCulture), long.Parse(parts[1], CultureInfo.InvariantCulture));
                }
            }
        }

        return await median;
    }

    private async Task<double> WatchAsync()
    {
        ChangeLatency latency = new(Changes);
        using BareZooKeeper writer = new(server.Host, server.Port);
        using CancellationTokenSource stop = new();
        TaskCompletionSource ready = new();
        Task watching = Task.Run(() => ReadAsync(latency, ready, stop.Token));
        await Task.WhenAny(ready.Task, watching);
        double median = await latency.RunAsync(number => Write(writer, number));
        await stop.CancelAsync();
        await watching.ContinueWith(_ => { }, TaskScheduler.Default);
        return median;
    }

    private async Task ReadAsync(ChangeLatency latency, TaskCompletionSource ready, CancellationToken stopping)
    {
        await using IConfigStore store = open();
        await foreach (WatchBatch batch in store.WatchAsync(Prefix, stopping))
        {
            foreach (ConfigChange change in batch.Changes.Where(_ => batch.Kind == WatchBatchKind.Changes))
            {
                latency.Saw(int.Parse(change.Entry!.Value.Span, CultureInfo.InvariantCulture));
            }

            ready.TrySetResult();
        }
    }

    private static Task Write(BareZooKeeper writer, int number)
    {
        writer.Set(Path, Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture)));
        return Task.CompletedTask;
    }
}
