using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using ConfigClients.Proof.Processes;

namespace ConfigClients.Proof.TakeOver;

/// <summary>Holders that are killed, and one process that waits behind all of them: how long it takes until it has each lock.</summary>
public static class TakeOverProof
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>The name of a lock.</summary>
    internal static string Name(int number) => $"takeover/{number}";

    /// <summary>Runs it.</summary>
    /// <param name="store">The store.</param>
    /// <param name="seed">Decides when each holder is killed, within one interval of heartbeats.</param>
    /// <param name="holders">How many holders.</param>
    /// <returns>What was measured.</returns>
    public static async Task<TakeOverResult> RunAsync(StoreUnderProof store, int seed, int holders)
    {
        Random random = new(seed);
        ConcurrentDictionary<int, (long At, long Token)> held = new();
        ConcurrentDictionary<int, (long At, long Token)> taken = new();
        ChildProcess[] children = [.. Enumerable.Range(0, holders).Select(number => Start(store, number, 1, held))];
        try
        {
            await UntilAsync(() => Task.FromResult(held.Count == holders));
            await TakeOverAsync(store, random, children, taken);
            TimeSpan[] times = [.. children.Select((child, number) => Stopwatch.GetElapsedTime(child.KilledAt!.Value, taken[number].At)).Order()];
            return new TakeOverResult(seed, times, store.TakeOverBound, held.Count(pair => taken[pair.Key].Token <= pair.Value.Token));
        }
        finally
        {
            foreach (ChildProcess child in children)
            {
                await child.DisposeAsync();
            }
        }
    }

    private static async Task TakeOverAsync(StoreUnderProof store, Random random, ChildProcess[] children, ConcurrentDictionary<int, (long At, long Token)> taken)
    {
        await using ChildProcess waiter = Start(store, 0, children.Length, taken);
        await using IConfigStore client = StoreUnderProof.Open(store.Address);
        await UntilAsync(async () => (await StoreUnderProof.InsistAsync(() => client.ListAsync("takeover").AsTask())).Entries.Count == children.Length * 2);

        await Task.WhenAll(children.Select(async child =>
        {
            await Task.Delay(StoreUnderProof.Ttl / 3 * random.NextDouble());
            await child.KillAsync();
        }));
        await UntilAsync(() => Task.FromResult(taken.Count == children.Length));
        await waiter.EndAsync(Patience);
    }

    private static ChildProcess Start(StoreUnderProof store, int first, int count, ConcurrentDictionary<int, (long At, long Token)> got) =>
        ChildProcess.Start(
            [TakeOverProcess.Role, store.Address, first.ToString(CultureInfo.InvariantCulture), count.ToString(CultureInfo.InvariantCulture)],
            line =>
            {
                long[] words = [.. line.Split(' ').Select(static word => long.Parse(word, CultureInfo.InvariantCulture))];
                got[(int)words[0]] = (words[1], words[2]);
            });

    private static async Task UntilAsync(Func<Task<bool>> holds)
    {
        long since = Stopwatch.GetTimestamp();
        while (!await holds())
        {
            if (Stopwatch.GetElapsedTime(since) > Patience)
            {
                throw new TimeoutException($"Not so within {Patience.TotalSeconds} s.");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(20));
        }
    }
}
