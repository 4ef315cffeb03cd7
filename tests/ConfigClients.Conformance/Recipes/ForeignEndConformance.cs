using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>F36: an operator ends a session, or deletes what a recipe keeps in the store.</summary>
public abstract class ForeignEndConformance(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Ends a session behind its owner's back, as an operator's tool does.</summary>
    /// <param name="session">The session.</param>
    /// <returns>When the store has ended it.</returns>
    protected abstract Task EndAsync(IStoreSession session);

    [Fact] // F36
    public async Task A_session_that_an_operator_ends_costs_everything_before_its_time_and_once()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        await using RecipeScene scene = await RecipeScene.SetAsync(clients[0], clients[1], fixture.NewPrefix());

        await EndAsync(scene.Hold.Session);
        await scene.AssertFencedAsync();
        await Eventually.HoldsAsync(() => scene.Hold.Lost.IsCancellationRequested);

        // Not by the clock: by the watch of the seat, or by the next heartbeat.
        Assert.True(scene.Hold.LossReason is LockLossReason.SessionEnded or LockLossReason.SeatRemoved, $"{scene.Hold.LossReason}");
        LockHandle next = await scene.Next.WaitAsync(Eventually.Deadline, Stop);
        Assert.True(next.FencingToken > scene.Hold.FencingToken);
        await next.DisposeAsync();
        await scene.AssertBackAsync();
        Assert.Equal(SessionEndReason.EndedByStore, scene.Hold.Session.EndReason);
    }

    [Fact] // F36
    public async Task A_claim_that_somebody_deletes_is_lost_and_claimed_anew()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string name = fixture.NewPrefix();
        string key = fixture.NewPrefix() + "/a";
        List<bool> released = [];
        await using Partitions partitions = clients[0].CreatePartitions(name, new PartitionsOptions
        {
            Count = 1,
            OnReleasing = (_, lost) =>
            {
                released.Add(lost.IsCancellationRequested);
                return Task.CompletedTask;
            },
        });
        await partitions.StartAsync(Stop);
        await Eventually.HoldsAsync(() => partitions.Owned.Count == 1);
        PartitionOwnership before = partitions.Owned[0];

        await clients[1].DeletePrefixAsync(name + "/claims", Stop);
        WriteResult stale = await clients[0].CommitAsync(before.Guard(new Transaction()).Set(key, TestValues.Of("stale")), Stop);
        await Eventually.HoldsAsync(() => before.Lost.IsCancellationRequested && partitions.Owned.Count == 1);
        WriteResult fresh = await clients[0].CommitAsync(partitions.Owned[0].Guard(new Transaction()).Set(key, TestValues.Of("fresh")), Stop);

        Assert.Equal((false, true, false), (stale.Applied, fresh.Applied, before.IsOwned));
        Assert.Equal([true], released);
        Assert.True(partitions.Owned[0].Epoch > before.Epoch);
    }
}
