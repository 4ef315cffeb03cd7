using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F42: some of the addresses lead nowhere.</summary>
public sealed class ZooKeeperAddressTests(ZooKeeperFixture fixture) : IClassFixture<ZooKeeperFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory] // F42
    [InlineData("127.0.0.1:1")]
    [InlineData("nowhere.invalid")]
    public async Task A_dead_address_beside_a_good_one_costs_nothing_but_a_moment(string dead)
    {
        await using IConfigStore store = ZooKeeperStores.Open([dead, $"localhost:{fixture.Server.Port}"]);
        string prefix = fixture.NewPrefix();
        long start = Stopwatch.GetTimestamp();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);

        for (int i = 0; i < 10; i++)
        {
            Assert.True((await store.SetAsync($"{prefix}/{i}", "v", session: session, cancellationToken: Stop)).Applied);
            Assert.Equal("v", await store.GetStringAsync($"{prefix}/{i}", Stop));
        }

        await watch.UntilConvergedAsync(store, prefix);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(8), "It went back to the dead address again and again.");
    }

    [Theory] // F42
    [InlineData("127.0.0.1:1", "could not be reached")]
    [InlineData("nowhere.invalid", "could not be resolved")]
    public async Task With_no_good_address_calls_end_on_time_and_nothing_was_sent(string dead, string reason)
    {
        await using IConfigStore store = ZooKeeperStores.Open([dead], static options => options.RequestTimeout = TimeSpan.FromSeconds(2));
        Task<StoreException> reading = Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", Condition.Absent, cancellationToken: Stop).AsTask());
        StoreException read = await reading;

        Assert.Equal((StoreError.Unavailable, StoreError.Unavailable, false), (read.Error, write.Error, write.MayHaveApplied));
        Assert.Contains(reason, write.Message, StringComparison.Ordinal);
    }

    [Fact] // F42
    public async Task An_address_that_comes_to_life_later_is_found()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        proxy.Refuse();
        await using IConfigStore store = ZooKeeperStores.Open(proxy, static options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = WatchRecorder.Start(store, prefix);
        await watch.UntilAsync(static batches => batches.Any(static batch => batch.Kind == WatchBatchKind.Stale));

        proxy.Listen();

        await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, prefix + "/a"), static applied => applied);
        await watch.UntilAsync(prefix + "/a", "v");
    }
}
