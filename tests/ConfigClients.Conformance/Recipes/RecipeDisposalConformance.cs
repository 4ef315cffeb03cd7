using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>F52: things are disposed of at the worst moments: while others wait on them, twice, and from their own callbacks.</summary>
public abstract class RecipeDisposalConformance(StoreFixture fixture)
{
    /// <summary>Well below the TTL: nothing may have to wait for a session to run out.</summary>
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F52
    public async Task Letting_go_several_times_at_once_lets_go_once()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        LockHandle handle = await clients[0].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        MemberHandle member = await clients[0].CreateMembership(name + "-group").JoinAsync("a", cancellationToken: Stop);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => handle.DisposeAsync().AsTask())).WaitAsync(Soon, Stop);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => member.DisposeAsync().AsTask())).WaitAsync(Soon, Stop);
        await using LockHandle? next = await clients[1].CreateLock(name).TryAcquireAsync(cancellationToken: Stop);
        await handle.DisposeAsync();

        Assert.Equal((true, false, LockLossReason.Released), (next is { IsHeld: true }, handle.IsHeld, handle.LossReason));
        Assert.Empty((await clients[1].CreateMembership(name + "-group").GetViewAsync(Stop)).Members);
    }

    [Fact] // F52
    public async Task A_callback_of_a_loss_may_dispose_of_the_hold_and_of_the_store()
    {
        IConfigStore store = await fixture.OpenAsync();
        IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        LockHandle handle = await store.CreateLock(fixture.NewPrefix(), new ContenderOptions { Session = session }).AcquireAsync(cancellationToken: Stop);
        TaskCompletionSource disposed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        handle.Lost.Register(() =>
        {
            WaitFor(handle.DisposeAsync());
            WaitFor(store.DisposeAsync());
            disposed.SetResult();
        });

        await session.DisposeAsync().AsTask().WaitAsync(Soon, Stop);
        await disposed.Task.WaitAsync(Soon, Stop);

        Assert.Equal((false, LockLossReason.SessionEnded), (handle.IsHeld, handle.LossReason));
        await store.DisposeAsync();
    }

    [Fact] // F52
    public async Task A_member_may_leave_in_the_callback_of_its_return()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        MemberHandle member = await clients[0].CreateMembership(name, Shortest).JoinAsync("a", cancellationToken: Stop);
        TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);
        member.Returned += _ =>
        {
            WaitFor(member.DisposeAsync());
            left.SetResult();
        };

        await clients[1].DeleteAsync(name + "/a", cancellationToken: Stop);
        await left.Task.WaitAsync(Eventually.Deadline, Stop);

        Assert.Empty((await clients[1].CreateMembership(name).GetViewAsync(Stop)).Members);
    }

    [Fact] // F52, F53
    public async Task A_member_whose_callback_throws_goes_on_coming_back()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        await using MemberHandle member = await clients[0].CreateMembership(name, Shortest).JoinAsync("a", cancellationToken: Stop);
        int returns = 0;
        member.Returned += _ =>
        {
            Interlocked.Increment(ref returns);
            throw new InvalidOperationException("A callback's own fault.");
        };

        for (int i = 1; i <= 2; i++)
        {
            await clients[1].DeleteAsync(name + "/a", cancellationToken: Stop);
            await Eventually.HoldsAsync(() => Volatile.Read(ref returns) == i);
        }

        Assert.Single((await clients[1].CreateMembership(name).GetViewAsync(Stop)).Members);
    }

    [Fact] // F52
    public async Task A_store_that_is_disposed_ends_all_that_waits_on_it_and_hands_over_what_it_held()
    {
        IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore other = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        LockHandle held = await store.CreateLock(prefix + "/held").AcquireAsync(cancellationToken: Stop);
        MemberHandle member = await store.CreateMembership(prefix + "/group").JoinAsync("a", cancellationToken: Stop);
        await using LockHandle others = await other.CreateLock(prefix + "/others").AcquireAsync(cancellationToken: Stop);
        await using MemberHandle taken = await other.CreateMembership(prefix + "/group").JoinAsync("b", cancellationToken: Stop);
        Task<LockHandle> next = other.CreateLock(prefix + "/held").AcquireAsync(cancellationToken: Stop);
        Task[] pending =
        [
            store.CreateLock(prefix + "/others").AcquireAsync(cancellationToken: Stop),
            store.CreateElection(prefix + "/others").CampaignAsync(cancellationToken: Stop),
            store.CreateMembership(prefix + "/group").JoinAsync("b", cancellationToken: Stop),
            Task.Run(async () => await store.CreateElection(prefix + "/others").ObserveAsync(Stop).CountAsync(Stop), Stop),
        ];
        await Eventually.ReadAsync(async () => (await other.ListAsync(prefix, Stop)).Entries.Count, static seats => seats == 7);

        await Task.WhenAll(store.DisposeAsync().AsTask(), store.DisposeAsync().AsTask()).WaitAsync(Soon, Stop);
        await (await next.WaitAsync(Soon, Stop)).DisposeAsync();
        foreach (Task waiting in pending)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => waiting.WaitAsync(Soon, Stop));
        }

        await held.DisposeAsync().AsTask().WaitAsync(Soon, Stop);
        await member.DisposeAsync().AsTask().WaitAsync(Soon, Stop);
        Assert.Equal((false, false), (held.IsHeld, member.IsMember));
        await Eventually.ReadAsync(async () => (await other.ListAsync(prefix, Stop)).Entries.Count, static seats => seats == 2);
    }

    [Fact] // F52
    public async Task Who_watches_may_dispose_of_everything_on_the_way()
    {
        IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        MemberHandle member = await store.CreateMembership(prefix + "/group").JoinAsync("a", cancellationToken: Stop);
        Leadership lead = await store.CreateElection(prefix + "/lead").CampaignAsync(cancellationToken: Stop);

        Task watching = Task.Run(
            async () =>
            {
                await foreach (MembershipView view in store.CreateMembership(prefix + "/group").WatchAsync(Stop))
                {
                    await member.DisposeAsync();
                    await foreach (Leader? leader in store.CreateElection(prefix + "/lead").ObserveAsync(Stop))
                    {
                        await lead.DisposeAsync();
                        await store.DisposeAsync();
                    }
                }
            },
            Stop);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => watching.WaitAsync(Soon, Stop));
        Assert.Equal((false, false), (member.IsMember, lead.IsLeader));
    }

    private static ContenderOptions Shortest { get; } = new() { SessionTtl = StoreSessionOptions.MinTtl };

    /// <summary>Blocks, as a callback that is not asynchronous has to.</summary>
    private static void WaitFor(ValueTask task) => Task.Run(task.AsTask).GetAwaiter().GetResult();
}
