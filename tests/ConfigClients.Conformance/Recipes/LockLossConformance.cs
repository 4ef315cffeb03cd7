using ConfigClients.Conformance.Faults;
using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>A hold that is lost says so, somebody else gets it, and the store itself refuses what the old holder still writes.</summary>
public abstract class LockLossConformance(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_guarded_write_is_applied_while_held_and_refused_afterwards()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        string key = fixture.NewPrefix() + "/a";
        LockHandle handle = await clients[0].CreateLock(name).AcquireAsync(cancellationToken: Stop);

        WriteResult during = await handle.SetAsync(key, TestValues.Of("during"), Stop);
        await handle.DisposeAsync();
        WriteResult after = await handle.SetAsync(key, TestValues.Of("after"), Stop);

        Assert.Equal((true, false, "during"), (during.Applied, after.Applied, await clients[1].GetStringAsync(key, Stop)));
        Assert.Equal((false, LockLossReason.Released, TimeSpan.Zero, false), (handle.IsHeld, handle.LossReason, handle.ValidFor, handle.Lost.IsCancellationRequested));
    }

    [Fact]
    public async Task The_end_of_its_session_ends_the_hold_and_lets_the_next_in()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        string key = fixture.NewPrefix() + "/a";
        IStoreSession session = await clients[0].OpenSessionAsync(cancellationToken: Stop);
        await using LockHandle first = await clients[0].CreateLock(name, new ContenderOptions { Session = session }).AcquireAsync(cancellationToken: Stop);
        Task<LockHandle> waiting = clients[1].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        TaskCompletionSource lost = new();
        first.Lost.Register(lost.SetResult);

        await session.DisposeAsync();
        await lost.Task.WaitAsync(Eventually.Deadline, Stop);
        await using LockHandle second = await waiting.WaitAsync(Eventually.Deadline, Stop);
        StoreException refused = await Assert.ThrowsAsync<StoreException>(() => first.SetAsync(key, TestValues.Of("stale"), Stop).AsTask());

        Assert.Equal((false, LockLossReason.SessionEnded, StoreError.SessionEnded), (first.IsHeld, first.LossReason, refused.Error));
        Assert.True(second.FencingToken > first.FencingToken);
        Assert.Null(await clients[1].GetAsync(key, Stop));
    }

    [Fact]
    public async Task A_seat_that_somebody_deletes_is_noticed_and_its_writes_are_refused()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        string key = fixture.NewPrefix() + "/a";
        await using LockHandle first = await clients[0].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        TaskCompletionSource lost = new();
        first.Lost.Register(lost.SetResult);

        await clients[1].DeleteAsync(first.SeatKey, cancellationToken: Stop);
        WriteResult stale = await first.SetAsync(key, TestValues.Of("stale"), Stop);
        await using LockHandle second = await clients[1].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        await lost.Task.WaitAsync(Eventually.Deadline, Stop);

        Assert.Equal((false, false, LockLossReason.SeatRemoved), (stale.Applied, first.IsHeld, first.LossReason));
        Assert.True(second.IsHeld);
    }

    [Fact]
    public async Task A_waiter_whose_seat_somebody_deletes_sits_down_again()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        LockHandle first = await clients[0].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        Task<LockHandle> waiting = clients[1].CreateLock(name).AcquireAsync(cancellationToken: Stop);
        IReadOnlyList<ConfigEntry> seats = await Eventually.ReadAsync(
            async () => (await clients[0].ListAsync(name, Stop)).Entries, static entries => entries.Count == 2);

        string waiter = seats.Single(seat => seat.Key != first.SeatKey).Key;
        await clients[0].DeleteAsync(waiter, cancellationToken: Stop);
        await Eventually.ReadAsync(async () => (await clients[0].ListAsync(name, Stop)).Entries, entries => entries.Count == 2 && entries.All(seat => seat.Key != waiter));
        await first.DisposeAsync();
        await using LockHandle second = await waiting.WaitAsync(Eventually.Deadline, Stop);

        Assert.True(second.FencingToken > first.FencingToken);
    }

    [Fact]
    public async Task A_session_that_is_lost_as_its_contender_sits_down_is_opened_anew_unless_it_is_his_own()
    {
        await using InterruptedStore store = new(await fixture.OpenAsync(), static session => session.DisposeAsync().AsTask());
        await using InterruptedStore other = new(await fixture.OpenAsync(), static session => session.DisposeAsync().AsTask());
        IStoreSession own = await other.OpenSessionAsync(cancellationToken: Stop);

        await using LockHandle handle = await store.CreateLock(fixture.NewPrefix()).AcquireAsync(cancellationToken: Stop);
        StoreException refused = await Assert.ThrowsAsync<StoreException>(
            () => other.CreateLock(fixture.NewPrefix(), new ContenderOptions { Session = own }).AcquireAsync(cancellationToken: Stop));

        Assert.Equal((true, StoreError.SessionEnded), (handle.IsHeld, refused.Error));
    }

    [Fact]
    public async Task A_hold_can_warn_before_it_is_lost()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await using LockHandle handle = await store.CreateLock(fixture.NewPrefix(), new ContenderOptions { Session = session }).AcquireAsync(cancellationToken: Stop);
        CancellationToken warning = handle.ExpiringWithin(TimeSpan.FromSeconds(2));
        bool early = warning.IsCancellationRequested;

        await session.DisposeAsync();
        await Eventually.HoldsAsync(() => warning.IsCancellationRequested);

        Assert.False(early);
        Assert.Throws<ArgumentOutOfRangeException>(() => handle.ExpiringWithin(TimeSpan.FromSeconds(60)));
    }

    [Theory] // F2, F22
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    public async Task A_wait_that_has_begun_outlasts_an_outage_at_any_call(int call)
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        LockHandle first = await clients[0].CreateLock(name).AcquireAsync(cancellationToken: Stop);

        // 3 is the first look at the queue; 5 to 7, after the loss of the session, are the old seat, a new session, a new seat.
        CountedStore away = new(clients[1], call, CallMoment.Before, static () => throw new StoreException(StoreError.Unavailable, "Nobody there."));
        Task<LockHandle> waiting = away.CreateLock(name).AcquireAsync(cancellationToken: Stop);
        await Eventually.HoldsAsync(() => away.Batches > 0 || waiting.IsCompleted);

        await away.LastSession!.DisposeAsync();
        await Eventually.HoldsAsync(() => away.Sessions == 2 || waiting.IsCompleted);
        await first.DisposeAsync();
        await using LockHandle second = await waiting.WaitAsync(Eventually.Deadline, Stop);

        Assert.True(away.HasHappened && second.IsHeld);
        Assert.True(second.FencingToken > first.FencingToken);
    }
}
