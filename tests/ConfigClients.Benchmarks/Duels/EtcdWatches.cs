using System.Globalization;
using System.Text;

namespace ConfigClients.Benchmarks.Duels;

/// <summary>How soon a change is seen: ours against a bare watch stream.</summary>
internal sealed class EtcdWatches(Uri endpoint, Func<IConfigStore> open)
{
    private const int Changes = 300;
    private const string Prefix = "bench/watch";

    public IEnumerable<Duel> All() => [new("etcd change → watcher sees it, p50", "µs", 1.05, false, BareAsync, WatchAsync)];

    private Task<double> BareAsync() => MeasureAsync(async (latency, ready, stopping) =>
    {
        using BareEtcd reader = new(endpoint);
        await reader.WatchAsync(Prefix, ready, value => latency.Saw(Number(value)), stopping);
    });

    private Task<double> WatchAsync() => MeasureAsync(async (latency, ready, stopping) =>
    {
        await using IConfigStore store = open();
        await foreach (WatchBatch batch in store.WatchAsync(Prefix, stopping))
        {
            foreach (ConfigChange change in batch.Changes)
            {
                latency.Saw(Number(change.Entry!.Value));
            }

            ready();
        }
    });

    private async Task<double> MeasureAsync(Func<ChangeLatency, Action, CancellationToken, Task> watch)
    {
        ChangeLatency latency = new(Changes);
        using BareEtcd writer = new(endpoint);
        using CancellationTokenSource stop = new();
        TaskCompletionSource ready = new();
        await WriteAsync(writer, -1);
        Task watching = Task.Run(() => watch(latency, () => ready.TrySetResult(), stop.Token));
        await Task.WhenAny(ready.Task, watching);
        double median = await latency.RunAsync(number => WriteAsync(writer, number));
        await stop.CancelAsync();
        await watching.ContinueWith(_ => { }, TaskScheduler.Default);
        return median;
    }

    private static Task WriteAsync(BareEtcd writer, int number) =>
        writer.PutAsync($"{Prefix}/number", Encoding.ASCII.GetBytes(number.ToString(CultureInfo.InvariantCulture))).AsTask();

    private static int Number(ReadOnlyMemory<byte> value) => int.Parse(value.Span, CultureInfo.InvariantCulture);
}
