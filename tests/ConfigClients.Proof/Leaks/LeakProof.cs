using System.Diagnostics;
using ConfigClients.Proof.Processes;
using ConfigClients.Recipes;

namespace ConfigClients.Proof.Leaks;

/// <summary>Locks taken and let go, watches opened and closed, very often: what they took, they give back.</summary>
public static class LeakProof
{
    private const int AtOnce = 4;
    private const int Locks = 2;

    /// <summary>The thread pool lets an idle thread go after 20 s.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    /// <summary>Runs it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="count">How many locks are taken, and how many watches opened.</param>
    /// <returns>What became of it.</returns>
    public static async Task<LeakResult> RunAsync(StoreUnderProof store, int count)
    {
        IConfigStore client = StoreUnderProof.Open(store.Address);
        await StoreUnderProof.InsistAsync(() => client.SetAsync("watched/a", "a").AsTask());

        // More at once than later, so that whatever is made when needed has been made.
        await DoAsync(client, 640, AtOnce * 8);
        ProcessFootprint before = ProcessFootprint.Read();
        int sessionsBefore = await SessionCount.ReadAsync(store);

        await DoAsync(client, count, AtOnce);
        ProcessFootprint during = ProcessFootprint.Read();
        long since = Stopwatch.GetTimestamp();
        ProcessFootprint after;
        while (!(after = ProcessFootprint.Read()).IsWithin(before, store.SpareDescriptors) && Stopwatch.GetElapsedTime(since) < Patience)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(500));
        }

        int seats = (await client.ListAsync("leaks")).Entries.Count;
        int sessions = await SessionCount.ReadAsync(store);
        await client.DisposeAsync();
        return new LeakResult(count, before, during, after, seats, sessionsBefore, sessions, store.SpareDescriptors, await SessionCount.ReadAsync(store));
    }

    private static async Task DoAsync(IConfigStore client, int count, int atOnce)
    {
        DistributedLock[] locks =
            [.. Enumerable.Range(0, Locks).Select(number => client.CreateLock($"leaks/{number}", new ContenderOptions { SessionTtl = StoreUnderProof.Ttl }))];
        await Task.WhenAll(Enumerable.Range(0, atOnce).Select(async worker =>
        {
            for (int i = 0; i < count / atOnce; i++)
            {
                await (await locks[worker % Locks].AcquireAsync()).DisposeAsync();
                await WatchOnceAsync(client);
            }
        }));
    }

    private static async Task WatchOnceAsync(IConfigStore client)
    {
        await foreach (WatchBatch batch in client.WatchAsync("watched"))
        {
            if (batch.Snapshot is not null)
            {
                return;
            }
        }
    }
}
