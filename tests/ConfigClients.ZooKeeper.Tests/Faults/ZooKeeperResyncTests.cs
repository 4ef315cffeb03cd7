using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F1, F32: after an outage a watch reads its prefix again, once, however many keys that are.</summary>
public sealed class ZooKeeperResyncTests(ZooKeeperFixture fixture) : IClassFixture<ZooKeeperFixture>
{
    private const int Keys = 700;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F32
    public async Task A_watch_that_was_cut_off_lists_once_when_it_is_connected_again()
    {
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        await using RequestTally tally = RequestTally.Start(fixture.Server.Port);
        await using FaultProxy proxy = FaultProxy.Start("127.0.0.1", tally.Port);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        string prefix = await FillAsync(direct, fixture.NewPrefix());
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        for (int cut = 1; cut <= 3; cut++)
        {
            int listings = tally.Listings;
            proxy.Refuse();
            proxy.ResetAll();
            await watch.UntilAsync(batches => batches[^1].Kind == WatchBatchKind.Stale);
            await direct.SetAsync($"{prefix}/{cut}", "missed", cancellationToken: Stop);
            proxy.Listen();
            await watch.UntilAsync($"{prefix}/{cut}", "missed");
            await SettleAsync(watch, direct, prefix);

            Assert.Equal(1, tally.Listings - listings);
        }
    }

    [Fact] // F1
    public async Task A_watch_lists_once_when_its_server_was_killed_and_started_again()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using RequestTally tally = RequestTally.Start(server.Port);
        await using IConfigStore store = ZooKeeperStores.Open([$"127.0.0.1:{tally.Port}"]);
        string prefix = await FillAsync(store, "p");
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        int listings = tally.Listings;

        await server.KillAsync();
        await watch.UntilAsync(static batches => batches[^1].Kind == WatchBatchKind.Stale);
        await server.RestartAsync();
        await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, prefix + "/new"), static applied => applied);
        await watch.UntilAsync(prefix + "/new", "v");
        await SettleAsync(watch, store, prefix);

        Assert.Equal(1, tally.Listings - listings);
    }

    [Fact] // F32
    public async Task A_watch_that_begins_in_an_outage_lists_once_also_beside_another_one()
    {
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        await using RequestTally tally = RequestTally.Start(fixture.Server.Port);
        await using FaultProxy proxy = FaultProxy.Start("127.0.0.1", tally.Port);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        string prefix = await FillAsync(direct, fixture.NewPrefix());
        string other = await FillAsync(direct, fixture.NewPrefix());
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        int listings = tally.Listings;
        proxy.Refuse();
        proxy.ResetAll();
        await watch.UntilAsync(static batches => batches[^1].Kind == WatchBatchKind.Stale);

        // The first step of each runs on this thread, up to what it has to wait for: both have subscribed before there is a connection.
        await using IAsyncEnumerator<WatchBatch> beside = store.WatchAsync(prefix, Stop).GetAsyncEnumerator(Stop);
        await using IAsyncEnumerator<WatchBatch> alone = store.WatchAsync(other, Stop).GetAsyncEnumerator(Stop);
        Task<bool>[] first = [beside.MoveNextAsync().AsTask(), alone.MoveNextAsync().AsTask()];
        proxy.Listen();
        await Task.WhenAll(first);
        (WatchBatch Beside, WatchBatch Alone) begun = (beside.Current, alone.Current);
        Task<bool>[] second = [beside.MoveNextAsync().AsTask(), alone.MoveNextAsync().AsTask()];
        await SettleAsync(watch, direct, prefix);
        await direct.SetAsync(other + "/settled", "v", cancellationToken: Stop);
        await Task.WhenAll(second);

        Assert.Equal((WatchBatchKind.Snapshot, WatchBatchKind.Snapshot), (begun.Beside.Kind, begun.Alone.Kind));
        Assert.Equal((prefix + "/settled", other + "/settled"), (Assert.Single(beside.Current.Changes).Key, Assert.Single(alone.Current.Changes).Key));
        Assert.Equal(3, tally.Listings - listings);
    }

    [Fact] // F11, F32
    public async Task A_watch_whose_listing_is_cut_off_lists_once_more_and_not_twice()
    {
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        await using RequestTally tally = RequestTally.Start(fixture.Server.Port);
        await using FaultProxy proxy = FaultProxy.Start("127.0.0.1", tally.Port);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        string prefix = await FillAsync(direct, fixture.NewPrefix());
        await store.GetAsync(prefix + "/0", Stop);

        // The answers to the watch and to the names come through, those to the values only in part.
        proxy.ToClient.CutAfter(20_000, CutKind.Reset);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        await SettleAsync(watch, direct, prefix);

        Assert.Equal(2, tally.Listings);
        Assert.Equal(Keys + 1, watch.Values.Count);
    }

    [Fact]
    public async Task A_watch_that_is_connected_again_is_live_only_with_what_it_missed()
    {
        // With two doors it is connected again at once, before the watch has paused.
        await using FaultProxy first = FaultProxy.Start(fixture.Server.Endpoint);
        await using FaultProxy second = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open([first, second]);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        FaultProxy used = first.OpenConnections > 0 ? first : second;

        used.ToClient.Hold();
        await direct.SetAsync(prefix + "/a", "missed", cancellationToken: Stop);
        used.ResetAll();
        used.ToClient.Release();
        await watch.UntilAsync(prefix + "/a", "missed");

        WatchBatch live = watch.Batches.SkipWhile(static batch => batch.Kind != WatchBatchKind.Stale).First(static batch => batch.Kind != WatchBatchKind.Stale);
        Assert.Equal(prefix + "/a", Assert.Single(live.Changes).Key);
    }

    [Fact]
    public async Task What_a_watch_could_not_read_in_time_it_reads_later_also_if_nothing_else_changes()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy, static options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await direct.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        int connections = proxy.AcceptedConnections;

        // The event comes through, the question for the value does not.
        proxy.ToServer.Hold();
        await direct.SetAsync(prefix + "/a", "w", cancellationToken: Stop);
        await watch.UntilAsync(static batches => batches[^1].Kind == WatchBatchKind.Stale);
        proxy.ToServer.Release();
        await watch.UntilAsync(prefix + "/a", "w");

        Assert.Equal(connections, proxy.AcceptedConnections);
    }

    private static async Task<string> FillAsync(IConfigStore store, string prefix)
    {
        await store.SetAsync(prefix + "/0", "v", cancellationToken: Stop);
        await Task.WhenAll(Enumerable.Range(1, Keys - 1).Select(i => store.SetAsync($"{prefix}/{i}", "v", cancellationToken: Stop).AsTask()));
        return prefix;
    }

    /// <summary>Events are taken in their order: behind this one nothing is left of what came before.</summary>
    private static async Task SettleAsync(WatchRecorder watch, IConfigStore store, string prefix)
    {
        string value = $"{Guid.NewGuid():N}";
        await store.SetAsync(prefix + "/settled", value, cancellationToken: Stop);
        await watch.UntilAsync(prefix + "/settled", value);
    }
}
