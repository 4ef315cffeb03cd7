using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>One holder at a time, first come, first served; and nothing left behind by those who gave up.</summary>
public abstract class LockConformance(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_one_holds_at_a_time_and_tokens_rise_from_holder_to_holder()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 4);
        string name = fixture.NewPrefix();
        int inside = 0;
        List<long> tokens = [];
        bool overlapped = false;

        await clients.RaceAsync(8, async (store, _) =>
        {
            DistributedLock mutex = store.CreateLock(name);
            for (int i = 0; i < 5; i++)
            {
                await using LockHandle handle = await mutex.AcquireAsync(cancellationToken: Stop);
                overlapped |= Interlocked.Increment(ref inside) != 1;
                tokens.Add(handle.FencingToken);
                await Task.Yield();
                Interlocked.Decrement(ref inside);
            }

            return true;
        });

        Assert.False(overlapped);
        Assert.Equal(40, tokens.Count);
        Assert.Equal(tokens.Order().Distinct(), tokens);
    }

    [Fact]
    public async Task First_come_is_first_served()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 3);
        string name = fixture.NewPrefix();
        LockHandle first = await clients[0].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        List<Task<LockHandle>> waiting = [];
        for (int i = 1; i <= 4; i++)
        {
            waiting.Add(clients[i].CreateLock(name).AcquireAsync(cancellationToken: Stop));
            await SeatsAsync(clients[0], name, i + 1);
        }

        await first.DisposeAsync();
        foreach (Task<LockHandle> next in waiting)
        {
            await using LockHandle handle = await next.WaitAsync(Eventually.Deadline, Stop);
            Assert.DoesNotContain(waiting.SkipWhile(task => task != next).Skip(1), static later => later.IsCompleted);
        }
    }

    [Fact]
    public async Task Looking_once_gets_what_is_free_and_leaves_what_is_not()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        await using LockHandle? first = await clients[0].CreateLock(name).TryAcquireAsync(cancellationToken: Stop);

        LockHandle? second = await clients[1].CreateLock(name).TryAcquireAsync(cancellationToken: Stop);
        int seats = (await clients[0].ListAsync(name, Stop)).Entries.Count;
        await first!.DisposeAsync();
        await using LockHandle? third = await clients[1].CreateLock(name).TryAcquireAsync(cancellationToken: Stop);

        Assert.Equal((true, false, 1, true), (first.FencingToken > 0, second is not null, seats, third is { IsHeld: true }));
    }

    [Fact]
    public async Task Time_that_is_up_is_said_and_leaves_no_seat()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        await using LockHandle first = await clients[0].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        DistributedLock other = clients[1].CreateLock(name);

        await Assert.ThrowsAsync<TimeoutException>(() => other.AcquireAsync(TimeSpan.FromMilliseconds(300), Stop));
        LockHandle? none = await other.TryAcquireAsync(TimeSpan.FromMilliseconds(300), Stop);

        Assert.Null(none);
        Assert.Single((await clients[0].ListAsync(name, Stop)).Entries);
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_no_seat()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        await using LockHandle first = await clients[0].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        using CancellationTokenSource enough = new();
        Task<LockHandle> waiting = clients[1].CreateLock(name).AcquireAsync(cancellationToken: enough.Token);
        await SeatsAsync(clients[0], name, 2);

        await enough.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await SeatsAsync(clients[0], name, 1);
    }

    [Fact]
    public async Task Cancelling_at_any_moment_leaves_no_seat_and_no_holder()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        DistributedLock mutex = clients[0].CreateLock(name);
        await (await mutex.AcquireAsync(cancellationToken: Stop)).DisposeAsync();

        for (int i = 0; i < 30; i++)
        {
            using CancellationTokenSource soon = new(TimeSpan.FromTicks(i * TimeSpan.TicksPerMillisecond / 5));
            try
            {
                await (await mutex.AcquireAsync(cancellationToken: soon.Token)).DisposeAsync();
            }
            catch (OperationCanceledException)
            {
                // As asked.
            }
        }

        await SeatsAsync(clients[1], name, 0);
        await using LockHandle handle = await clients[1].CreateLock(name).AcquireAsync(Eventually.Deadline, Stop);
    }

    [Fact]
    public async Task Who_asks_twice_waits_for_himself()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        DistributedLock mutex = store.CreateLock(fixture.NewPrefix());
        await using LockHandle first = await mutex.AcquireAsync(cancellationToken: Stop);

        Assert.Null(await mutex.TryAcquireAsync(cancellationToken: Stop));
    }

    [Fact]
    public async Task Holder_and_waiters_can_be_listed()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        await using LockHandle first = await clients[0].CreateLock(name, new ContenderOptions { ContenderName = "first" }).AcquireAsync(cancellationToken: Stop);
        using CancellationTokenSource enough = new();
        Task<LockHandle> waiting = clients[1].CreateLock(name, new ContenderOptions { ContenderName = "second" }).AcquireAsync(cancellationToken: enough.Token);
        await SeatsAsync(clients[0], name, 2);

        IReadOnlyList<Contender> contenders = await clients[1].CreateLock(name).GetContendersAsync(Stop);
        await enough.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);

        Assert.Equal([("first", true), ("second", false)], contenders.Select(static contender => (contender.Name, contender.IsHolder)));
        Assert.Equal((first.FencingToken, first.Session.Id, true), (contenders[0].FencingToken, contenders[0].SessionId, contenders[1].Since > contenders[0].Since!.Value.AddHours(-1)));
    }

    private static Task<int> SeatsAsync(IConfigStore store, string name, int count) =>
        Eventually.ReadAsync(async () => (await store.ListAsync(name, Stop)).Entries.Count, seats => seats == count);
}
