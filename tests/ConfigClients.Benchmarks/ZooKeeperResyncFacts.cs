using System.Diagnostics;
using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.Benchmarks;

/// <summary>What a watch of many keys costs when its server comes back: how long, and how many requests.</summary>
internal static class ZooKeeperResyncFacts
{
    public static async Task<string> MeasureAsync(ZooKeeperBackend server, IConfigStore store, string prefix)
    {
        using CancellationTokenSource stop = new();
        TaskCompletionSource<int> begun = new();
        TaskCompletionSource<long> resumed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task watching = WatchAsync(store, prefix, begun, resumed, stop.Token);
        int keys = await begun.Task;

        await server.KillAsync();
        await server.RestartAsync();
        long back = Stopwatch.GetTimestamp();
        TimeSpan took = Stopwatch.GetElapsedTime(back, await resumed.Task.WaitAsync(TimeSpan.FromSeconds(60)));
        string requests = (await server.Words.MntrAsync(CancellationToken.None))["zk_packets_received"];

        await stop.CancelAsync();
        await watching.ContinueWith(static _ => { }, TaskScheduler.Default);
        return $"ZooKeeper: a watch of {keys:N0} keys is live again {took.TotalMilliseconds:N0} ms after its server is back, the pause before a reconnect included; the server counts {requests} requests of all clients since its start (one listing is about {(keys / 500) + 2}).";
    }

    private static async Task WatchAsync(IConfigStore store, string prefix, TaskCompletionSource<int> begun, TaskCompletionSource<long> resumed, CancellationToken stopping)
    {
        bool wasStale = false;
        await foreach (WatchBatch batch in store.WatchAsync(prefix, stopping))
        {
            wasStale |= batch.Kind == WatchBatchKind.Stale;
            begun.TrySetResult(batch.Changes.Count);
            if (wasStale && batch.Kind != WatchBatchKind.Stale)
            {
                resumed.TrySetResult(Stopwatch.GetTimestamp());
            }
        }
    }
}
