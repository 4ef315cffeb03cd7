using ConfigClients.Conformance.Faults;
using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Recipes;

/// <summary>F47: somebody sets the time of day. Nothing is decided by it.</summary>
public abstract class WallClockConformance(StoreFixture fixture)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F47
    public async Task A_day_forward_and_two_days_back_change_nothing()
    {
        SteppedClock clock = new();
        await using IConfigStore store = await fixture.OpenAsync(builder => builder.UseTimeProvider(clock));
        await using IConfigStore other = await fixture.OpenAsync(builder => builder.UseTimeProvider(clock));
        string prefix = fixture.NewPrefix();
        await using RecipeScene scene = await RecipeScene.SetAsync(store, other, prefix, clock);
        DistributedLock mutex = other.CreateLock(prefix + "/lock", new ContenderOptions { Time = clock });
        Task<LockHandle?> timed = mutex.TryAcquireAsync(TimeSpan.FromSeconds(3), Stop);

        foreach (int days in (int[])[1, -1])
        {
            clock.Offset = TimeSpan.FromDays(days);
            await scene.AssertKeptAsync();
            Assert.InRange(scene.Hold.ValidUntil - clock.GetUtcNow(), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10));

            // Until a heartbeat went out under the new time and was confirmed.
            await Eventually.HoldsAsync(() => scene.Hold.ValidFor < TimeSpan.FromSeconds(7.5));
            await Eventually.HoldsAsync(() => scene.Hold.ValidFor > TimeSpan.FromSeconds(8));
        }

        await scene.AssertKeptAsync();
        Assert.Null(await timed.WaitAsync(Eventually.Deadline, Stop));
        await scene.Hold.DisposeAsync();
        await (await scene.Next.WaitAsync(Eventually.Deadline, Stop)).DisposeAsync();
    }
}
