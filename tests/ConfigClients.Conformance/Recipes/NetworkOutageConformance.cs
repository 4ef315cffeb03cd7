using ConfigClients.Conformance.Faults;
using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>F21, F22: what recipes have when their client is cut off from every server, for less and for more than the lifetime of its session.</summary>
public abstract class NetworkOutageConformance(StoreFixture fixture)
{
    /// <summary>The server that the fixture's stores use.</summary>
    protected abstract Uri Server { get; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Opens a store that reaches the server by a certain way, and sees what the fixture's stores see.</summary>
    /// <param name="endpoint">The way.</param>
    /// <returns>The store.</returns>
    protected abstract IConfigStore Open(Uri endpoint);

    [Fact] // F21
    public async Task A_short_cut_costs_nothing_and_what_happened_meanwhile_is_seen()
    {
        await using FaultProxy proxy = FaultProxy.Start(Server);
        await using IConfigStore store = Open(proxy.Endpoint);
        await using IConfigStore other = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using RecipeScene scene = await RecipeScene.SetAsync(store, other, prefix);
        await using ViewRecorder own = await ViewRecorder.StartAsync(store, prefix + "/group", "a");

        proxy.Refuse();
        proxy.ResetAll();
        await using MemberHandle joined = await scene.JoinAsync("b");
        await Eventually.HoldsAsync(() => scene.Hold.ValidFor < TimeSpan.FromSeconds(5.5));
        proxy.Listen();
        await Eventually.HoldsAsync(() => scene.Hold.ValidFor > TimeSpan.FromSeconds(8));
        await own.UntilAsync("a,b");
        await scene.Views.UntilAsync("a,b");

        await scene.AssertKeptAsync();
        Assert.Equal(["a", "a,b"], own.Ids);
        await scene.Hold.DisposeAsync();
        await (await scene.Next.WaitAsync(Eventually.Deadline, Stop)).DisposeAsync();
    }

    [Fact] // F22
    public async Task A_long_cut_costs_everything_on_time_and_what_is_old_is_never_taken_for_new()
    {
        await using FaultProxy proxy = FaultProxy.Start(Server);
        await using IConfigStore store = Open(proxy.Endpoint);
        await using IConfigStore other = await fixture.OpenAsync();
        await using RecipeScene scene = await RecipeScene.SetAsync(store, other, fixture.NewPrefix());

        proxy.Refuse();
        proxy.ResetAll();
        await Eventually.HoldsAsync(() => scene.Hold.Lost.IsCancellationRequested, TimeSpan.FromSeconds(12));
        bool isEarly = scene.Next.IsCompleted;
        proxy.Listen();

        await scene.AssertHandedOverAsync(LockLossReason.DeadlinePassed);
        await scene.AssertFencedAsync();
        await scene.AssertBackAsync();
        Assert.False(isEarly);
    }
    [Fact] // F22, F52
    public async Task Who_ends_while_cut_off_does_not_wait_for_the_store_and_leaves_nothing_behind()
    {
        await using FaultProxy proxy = FaultProxy.Start(Server);
        await using IConfigStore store = Open(proxy.Endpoint);
        await using IConfigStore other = await fixture.OpenAsync();
        string name = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MaxTtl }, Stop);
        Partitions partitions = store.CreatePartitions(name, new PartitionsOptions { Count = 2, Contender = new ContenderOptions { Session = session } });
        await partitions.StartAsync(Stop);
        await Eventually.HoldsAsync(() => partitions.Owned.Count == 2);

        proxy.Refuse();
        proxy.ResetAll();
        await partitions.DisposeAsync();
        (SessionState state, int owned) = (session.State, partitions.Owned.Count);
        proxy.Listen();

        // Not by the end of the session, which goes on: they were taken back.
        await Eventually.ReadAsync(async () => (await other.ListAsync(name, Stop)).Entries.Count, static left => left == 0);
        Assert.NotEqual(SessionState.Lost, state);
        Assert.NotEqual(SessionState.Lost, session.State);
        Assert.Equal(0, owned);
    }
}
