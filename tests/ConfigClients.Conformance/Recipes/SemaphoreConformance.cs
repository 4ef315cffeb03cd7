using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>So many holders at a time and no more, whoever lets go first.</summary>
public abstract class SemaphoreConformance(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Never_more_than_its_capacity_hold_and_all_of_it_is_used()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 4);
        string name = fixture.NewPrefix();
        int inside = 0;
        int most = 0;
        using Barrier full = new(3);

        await clients.RaceAsync(9, async (store, _) =>
        {
            await using LockHandle handle = await store.CreateSemaphore(name, 3).AcquireAsync(cancellationToken: Stop);
            int now = Interlocked.Increment(ref inside);
            InterlockedMax(ref most, now);

            // Three are in at the same time, or this would wait for ever.
            await Task.Run(() => full.SignalAndWait(Eventually.Deadline), Stop);
            Interlocked.Decrement(ref inside);
            return true;
        });

        Assert.Equal(3, most);
    }

    [Fact]
    public async Task Whoever_lets_go_first_the_first_waiter_comes_in()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 3);
        string name = fixture.NewPrefix();
        LockHandle first = await clients[0].CreateSemaphore(name, 2).AcquireAsync(cancellationToken: Stop);
        LockHandle second = await clients[1].CreateSemaphore(name, 2).AcquireAsync(cancellationToken: Stop);
        Task<LockHandle> third = clients[2].CreateSemaphore(name, 2).AcquireAsync(cancellationToken: Stop);
        await Eventually.ReadAsync(async () => (await clients[0].ListAsync(name, Stop)).Entries.Count, static seats => seats == 3);
        Task<LockHandle> fourth = clients[0].CreateSemaphore(name, 2).AcquireAsync(cancellationToken: Stop);
        await Eventually.ReadAsync(async () => (await clients[0].ListAsync(name, Stop)).Entries.Count, static seats => seats == 4);

        await second.DisposeAsync();
        await using LockHandle thirdHandle = await third.WaitAsync(Eventually.Deadline, Stop);
        bool isFourthIn = fourth.IsCompleted;
        await thirdHandle.DisposeAsync();
        await using LockHandle fourthHandle = await fourth.WaitAsync(Eventually.Deadline, Stop);

        Assert.False(isFourthIn);
        Assert.True(first.IsHeld);
        await first.DisposeAsync();
    }

    [Fact]
    public async Task A_capacity_of_nothing_is_refused()
    {
        await using IConfigStore store = await fixture.OpenAsync();

        Assert.Throws<ArgumentOutOfRangeException>(() => store.CreateSemaphore("a", 0));
        Assert.Throws<ArgumentException>(() => store.CreateSemaphore("a//b", 1));
    }

    private static void InterlockedMax(ref int target, int value)
    {
        int seen;
        while ((seen = Volatile.Read(ref target)) < value && Interlocked.CompareExchange(ref target, value, seen) != seen)
        {
        }
    }
}
