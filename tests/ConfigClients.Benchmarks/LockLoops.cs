using System.Diagnostics;
using ConfigClients.Recipes;

namespace ConfigClients.Benchmarks;

/// <summary>Our lock at work: alone, and passed around among contenders that each have a store of their own.</summary>
internal static class LockLoops
{
    public const int Contenders = 8;
    private static readonly TimeSpan Uncontended = TimeSpan.FromSeconds(1.2);
    private static readonly TimeSpan Contended = TimeSpan.FromSeconds(2);

    private static int _serial;

    /// <summary>The median time to acquire and release a lock that nobody else wants, in microseconds. The session is there already.</summary>
    public static async Task<double> AloneAsync(IConfigStore store)
    {
        await using IStoreSession session = await store.OpenSessionAsync();
        DistributedLock alone = store.CreateLock(NewName(), new ContenderOptions { Session = session });
        return await Stat.MedianMicrosecondsAsync(
            async () => await (await alone.AcquireAsync()).DisposeAsync(),
            Uncontended);
    }

    /// <summary>How often a lock is granted per second while eight want it all the time.</summary>
    public static async Task<double> HandOversAsync(IReadOnlyList<IConfigStore> stores)
    {
        string name = NewName();
        IStoreSession[] sessions = await Task.WhenAll(stores.Select(static store => store.OpenSessionAsync().AsTask()));
        DistributedLock[] locks = [.. stores.Zip(sessions, (store, session) => store.CreateLock(name, new ContenderOptions { Session = session }))];
        double rate = await PassAroundAsync(locks.Length, async contender => await (await locks[contender].AcquireAsync()).DisposeAsync());
        await Task.WhenAll(sessions.Select(static session => session.DisposeAsync().AsTask()));
        return rate;
    }

    /// <summary>Grants per second of contenders that each acquire and release in a loop.</summary>
    public static async Task<double> PassAroundAsync(int contenders, Func<int, Task> acquireAndRelease)
    {
        int grants = 0;
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(Enumerable.Range(0, contenders).Select(contender => Task.Run(async () =>
        {
            while (Stopwatch.GetElapsedTime(start) < Contended)
            {
                await acquireAndRelease(contender);
                Interlocked.Increment(ref grants);
            }
        })));
        return grants / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>A name that was not used before.</summary>
    public static string NewName() => $"bench/locks/{Interlocked.Increment(ref _serial)}";
}
