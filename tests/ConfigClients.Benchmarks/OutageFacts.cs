using System.Diagnostics;
using ConfigClients.Backends;

namespace ConfigClients.Benchmarks;

/// <summary>What a process costs while its server is down: a session whose heartbeats fail, and ten watches that cannot resume.</summary>
internal static class OutageFacts
{
    private const int Watches = 10;
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(20);

    public static async Task<string> MeasureAsync(string name, IBackend server, Func<IConfigStore> open)
    {
        await using IConfigStore store = open();
        IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MaxTtl });
        using CancellationTokenSource stop = new();
        TaskCompletionSource[] ready = [.. Enumerable.Range(0, Watches).Select(static _ => new TaskCompletionSource())];
        Task[] watching = [.. ready.Select((begun, i) => WatchAsync(store, $"bench/outage-{i}", begun, stop.Token))];
        await Task.WhenAll(ready.Select(static begun => begun.Task));

        await server.KillAsync();
        await Task.Delay(TimeSpan.FromSeconds(2));
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        long start = Stopwatch.GetTimestamp();
        await Task.Delay(Length);
        self.Refresh();
        double share = (self.TotalProcessorTime - before) / Stopwatch.GetElapsedTime(start);

        await stop.CancelAsync();
        await Task.WhenAll(watching.Select(static watch => watch.ContinueWith(static _ => { }, TaskScheduler.Default)));
        await store.DisposeAsync();
        await session.DisposeAsync();
        return $"{name}: while its server is down, a process with a session and {Watches} watches uses {100 * share:F2} % of a core (target ≤ 5 %).";
    }

    private static async Task WatchAsync(IConfigStore store, string prefix, TaskCompletionSource begun, CancellationToken stopping)
    {
        await foreach (WatchBatch _ in store.WatchAsync(prefix, stopping))
        {
            begun.TrySetResult();
        }
    }
}
