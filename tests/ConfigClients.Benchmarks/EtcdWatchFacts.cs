using System.Diagnostics;
using System.Globalization;

namespace ConfigClients.Benchmarks;

/// <summary>What many idle watches of one store cost: streams at the server, memory and processor time here.</summary>
internal static class EtcdWatchFacts
{
    private const int Watches = 1_000;
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(20);

    /// <param name="store">A store that has no watch yet.</param>
    /// <param name="server">A client of the server's HTTP interface, for its metrics.</param>
    public static async Task<IReadOnlyList<string>> MeasureAsync(IConfigStore store, HttpClient server)
    {
        using CancellationTokenSource stop = new();
        List<Task> watching = [await BeginAsync(store, 0, stop.Token)];
        long bytesBefore = GC.GetTotalMemory(forceFullCollection: true);
        TimeSpan alone = await ProcessorTimeAsync();
        long start = Stopwatch.GetTimestamp();
        watching.AddRange(await Task.WhenAll(Enumerable.Range(1, Watches).Select(i => BeginAsync(store, i, stop.Token))));
        TimeSpan begun = Stopwatch.GetElapsedTime(start);
        long bytes = (GC.GetTotalMemory(forceFullCollection: true) - bytesBefore) / Watches;
        TimeSpan all = await ProcessorTimeAsync();
        string metrics = await server.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        string streams = Metric(metrics, "etcd_debugging_mvcc_watch_stream_total");
        string watchers = Metric(metrics, "etcd_debugging_mvcc_watcher_total");
        await stop.CancelAsync();
        await Task.WhenAll(watching).ContinueWith(_ => { }, TaskScheduler.Default);
        return
        [
            $"etcd: {Watches:N0} more watches of one store begin within {begun.TotalMilliseconds:N0} ms. The server counts {watchers} watches on {streams} stream(s).",
            string.Create(
                CultureInfo.InvariantCulture,
                $"etcd: an idle watch holds {bytes / 1024.0:F1} KB of managed memory. {Watches:N0} of them use {Percent(all):F2} % of a core, one alone {Percent(alone):F2} %."),
        ];
    }

    /// <summary>Returns when the watch has its snapshot: the task inside is the watch.</summary>
    private static async Task<Task> BeginAsync(IConfigStore store, int number, CancellationToken cancellationToken)
    {
        TaskCompletionSource ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task watching = Task.Run(
            async () =>
            {
                await foreach (WatchBatch _ in store.WatchAsync($"bench/idle-{number}", cancellationToken))
                {
                    ready.TrySetResult();
                }
            },
            CancellationToken.None);
        await Task.WhenAny(ready.Task, watching);
        return watching;
    }

    private static async Task<TimeSpan> ProcessorTimeAsync()
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        await Task.Delay(Idle);
        self.Refresh();
        return self.TotalProcessorTime - before;
    }

    private static double Percent(TimeSpan processorTime) => processorTime / Idle * 100;

    private static string Metric(string metrics, string name) =>
        metrics.Split('\n').First(line => line.StartsWith(name + " ", StringComparison.Ordinal))[(name.Length + 1)..];
}
