using System.Diagnostics;
using System.Globalization;

namespace ConfigClients.Benchmarks;

/// <summary>What has no bare peer: how soon another process's write is seen through the file, and what an idle watch costs.</summary>
internal static class EmbeddedWatchFacts
{
    public const string Role = "embedded-writer";
    private const int Changes = 200;

    /// <summary>What the child process does: one numbered write per line it reads; it answers when the write was called.</summary>
    public static async Task RunChildAsync(string path)
    {
        await using IConfigStore store = Open(path);
        while (Console.ReadLine() is { } number)
        {
            Console.WriteLine(Stopwatch.GetTimestamp().ToString(CultureInfo.InvariantCulture));
            await store.SetAsync("watched/number", number);
        }
    }

    public static async Task<IReadOnlyList<string>> MeasureAsync(string folder)
    {
        string path = Path.Combine(folder, "watched.db");
        await using IConfigStore store = Open(path);
        using CancellationTokenSource stop = new();
        Dictionary<int, TaskCompletionSource<long>> seen = Enumerable.Range(0, Changes).ToDictionary(i => i, _ => new TaskCompletionSource<long>());
        TaskCompletionSource ready = new();
        Task watching = Task.Run(async () =>
        {
            await foreach (WatchBatch batch in store.WatchAsync("watched", stop.Token))
            {
                long now = Stopwatch.GetTimestamp();
                foreach (ConfigChange change in batch.Changes)
                {
                    seen[int.Parse(change.Entry!.Value.Span, CultureInfo.InvariantCulture)].TrySetResult(now);
                }

                ready.TrySetResult();
            }
        });
        await ready.Task;

        TimeSpan idle = await IdleAsync(TimeSpan.FromSeconds(10));
        double median = await LatencyAsync(path, seen);
        await stop.CancelAsync();
        await watching.ContinueWith(_ => { }, TaskScheduler.Default);
        return
        [
            string.Create(CultureInfo.InvariantCulture, $"Embedded: a write of another process is seen after {median:F1} ms (median of {Changes}; target < 50 ms)."),
            string.Create(CultureInfo.InvariantCulture, $"Embedded: a process with one idle watch uses {idle.TotalSeconds * 10:F2} % of a core (target < 1 %)."),
        ];
    }

    private static async Task<TimeSpan> IdleAsync(TimeSpan length)
    {
        using Process self = Process.GetCurrentProcess();
        TimeSpan before = self.TotalProcessorTime;
        await Task.Delay(length);
        self.Refresh();
        return self.TotalProcessorTime - before;
    }

    private static async Task<double> LatencyAsync(string path, Dictionary<int, TaskCompletionSource<long>> seen)
    {
        ProcessStartInfo start = new(Environment.ProcessPath!, [Role, path]) { RedirectStandardInput = true, RedirectStandardOutput = true };
        using Process writer = Process.Start(start)!;
        List<double> samples = [];
        for (int number = 0; number < Changes; number++)
        {
            await writer.StandardInput.WriteLineAsync(number.ToString(CultureInfo.InvariantCulture));
            long called = long.Parse((await writer.StandardOutput.ReadLineAsync())!, CultureInfo.InvariantCulture);
            long now = await seen[number].Task.WaitAsync(TimeSpan.FromSeconds(10));
            samples.Add(Stopwatch.GetElapsedTime(called, now).TotalMilliseconds);
        }

        writer.StandardInput.Close();
        await writer.WaitForExitAsync();
        return Stat.Median(samples);
    }

    private static IConfigStore Open(string path) => new ConfigStoreBuilder().UseEmbedded().UseAddress($"embedded:{path}").Build();
}
