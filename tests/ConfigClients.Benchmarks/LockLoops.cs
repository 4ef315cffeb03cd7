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

    /// <summary>How often a lock is granted per second while all want it all the time.</summary>
    public static async Task<double> HandOversAsync(IReadOnlyList<IConfigStore> stores)
    {
        long start = 0;
        TimeSpan took = default;
        int grants = await GrantsAsync(
            stores,
            () =>
            {
                start = Stopwatch.GetTimestamp();
                return Task.CompletedTask;
            },
            () =>
            {
                took = Stopwatch.GetElapsedTime(start);
                return Task.CompletedTask;
            });
        return grants / took.TotalSeconds;
    }

    /// <summary>How often a lock was granted, between two moments at which everybody has a session and has held it once.</summary>
    public static async Task<int> GrantsAsync(IReadOnlyList<IConfigStore> stores, Func<Task> before, Func<Task> after)
    {
        string name = NewName();
        StoreSessionOptions longest = new() { Ttl = StoreSessionOptions.MaxTtl };
        IStoreSession[] sessions = await Task.WhenAll(stores.Select(store => store.OpenSessionAsync(longest).AsTask()));
        DistributedLock[] locks = [.. stores.Zip(sessions, (store, session) => store.CreateLock(name, new ContenderOptions { Session = session }))];
        foreach (DistributedLock warmUp in locks)
        {
            await (await warmUp.AcquireAsync()).DisposeAsync();
        }

        await before();
        int grants = await PassAroundAsync(locks.Length, async contender => await (await locks[contender].AcquireAsync()).DisposeAsync());
        await after();
        await Task.WhenAll(sessions.Select(static session => session.DisposeAsync().AsTask()));
        return grants;
    }

    /// <summary>Grants of contenders that each acquire and release in a loop, for two seconds, and until the last who came in that time has had his turn.</summary>
    public static async Task<int> PassAroundAsync(int contenders, Func<int, Task> acquireAndRelease)
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
        return grants;
    }

    /// <summary>The same per second.</summary>
    public static async Task<double> RateAsync(int contenders, Func<int, Task> acquireAndRelease)
    {
        long start = Stopwatch.GetTimestamp();
        int grants = await PassAroundAsync(contenders, acquireAndRelease);
        return grants / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>A name that was not used before.</summary>
    public static string NewName() => $"bench/locks/{Interlocked.Increment(ref _serial)}";
}
