using System.Diagnostics;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F5, F6, F7, F19: three servers, of which some go: no update is lost, no session, no final state of a watch.</summary>
public sealed class ZooKeeperStoreClusterTests : IAsyncLifetime
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private ZooKeeperCluster? _cluster;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ZooKeeperCluster Cluster => _cluster!;

    public async ValueTask InitializeAsync() => _cluster = await ZooKeeperCluster.StartAsync(cancellationToken: Stop);

    public async ValueTask DisposeAsync()
    {
        if (_cluster is not null)
        {
            await _cluster.DisposeAsync();
        }
    }

    [Fact] // F5
    public async Task A_rolling_restart_under_load_fails_no_read_and_loses_nothing()
    {
        ZooKeeperBackend leader = await Cluster.LeaderAsync(cancellationToken: Stop);
        await using IConfigStore store = Open();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = TimeSpan.FromSeconds(30) }, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        await using CounterLoad load = CounterLoad.Start(Open, "p/counter");
        await load.UntilAsync(20);

        foreach (ZooKeeperBackend node in Cluster.Nodes.OrderBy(node => node == leader))
        {
            await node.StopAsync();
            await load.UntilAsync(20);
            await node.RestartAsync();
            await Eventually.ReadAsync(() => node.IsServingAsync(Stop), static serving => serving, TimeSpan.FromSeconds(30));
            await load.UntilAsync(20);
        }

        await load.AssertNothingLostAsync(store);
        await watch.UntilConvergedAsync(store, "p");
        Assert.Empty(load.FailedReads);
        Assert.Equal((SessionState.Healthy, session.Id), (session.State, (await store.GetAsync("p/seat", Stop))!.SessionId));
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
    }

    [Theory] // F6
    [InlineData(true)]
    [InlineData(false)]
    public async Task Killing_a_member_under_load_loses_nothing_and_it_may_come_back(bool isLeader)
    {
        ZooKeeperBackend leader = await Cluster.LeaderAsync(cancellationToken: Stop);
        ZooKeeperBackend victim = isLeader ? leader : Cluster.Nodes.First(node => node != leader);
        await using IConfigStore store = Open();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = TimeSpan.FromSeconds(30) }, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        await using CounterLoad load = CounterLoad.Start(Open, "p/counter");
        await load.UntilAsync(20);

        await victim.KillAsync();
        await Cluster.LeaderAsync(victim, Stop);
        await load.UntilAsync(50);
        await victim.RestartAsync();
        await Eventually.ReadAsync(() => victim.IsServingAsync(Stop), static serving => serving, TimeSpan.FromSeconds(30));
        await load.UntilAsync(20);

        await load.AssertNothingLostAsync(store);
        await watch.UntilConvergedAsync(store, "p");
        Assert.Empty(load.FailedReads);
        Assert.Equal((SessionState.Healthy, session.Id), (session.State, (await store.GetAsync("p/seat", Stop))!.SessionId));
    }

    [Fact] // F7
    public async Task Without_a_quorum_calls_fail_watches_are_stale_and_sessions_are_lost_on_time()
    {
        await using IConfigStore store = ZooKeeperStores.Open(Cluster.Nodes);
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await Task.WhenAll(Cluster.Nodes.Take(2).Select(static node => node.KillAsync()));
        long start = Stopwatch.GetTimestamp();
        await watch.UntilAsync(static batches => batches[^1].Kind == WatchBatchKind.Stale);
        TimeSpan staleAfter = Stopwatch.GetElapsedTime(start);
        await Eventually.ReadAsync(() => Cluster.Nodes[2].IsServingAsync(Stop), static serves => !serves);
        Task<StoreException> reading = Assert.ThrowsAsync<StoreException>(() => store.GetAsync("p/seat", Stop).AsTask());
        Task<StoreException> writing = Assert.ThrowsAsync<StoreException>(() => store.SetAsync("p/a", "v", cancellationToken: Stop).AsTask());
        Task<StoreException> opening = Assert.ThrowsAsync<StoreException>(() => store.OpenSessionAsync(cancellationToken: Stop).AsTask());
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(14));
        (StoreException read, StoreException write, StoreException open) = (await reading, await writing, await opening);
        await Task.WhenAll(Cluster.Nodes.Take(2).Select(static node => node.RestartAsync()));
        await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, "p/b"), static applied => applied, TimeSpan.FromSeconds(30));
        await Eventually.GoneAsync(store, "p/seat");
        await watch.UntilConvergedAsync(store, "p");

        Assert.InRange(staleAfter.TotalSeconds, 0, 8);
        Assert.Equal((StoreError.Unavailable, StoreError.Unavailable, StoreError.Unavailable), (read.Error, write.Error, open.Error));
        Assert.Equal((false, false, false, SessionEndReason.DeadlinePassed), (read.MayHaveApplied, write.MayHaveApplied, open.MayHaveApplied, session.EndReason));
        Assert.Null(await store.GetAsync("p/a", Stop));
    }

    [Fact] // F19
    public async Task A_member_that_this_client_cannot_reach_costs_nothing_but_a_moment()
    {
        List<FaultProxy> doors = [.. Cluster.Nodes.Select(static node => FaultProxy.Start(node.Endpoint))];
        await using IConfigStore store = ZooKeeperStores.Open(doors);
        await using IConfigStore direct = Open();
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        foreach (FaultProxy door in doors)
        {
            door.Refuse();
            door.ResetAll();
            long start = Stopwatch.GetTimestamp();
            await store.GetAsync("p/seat", Stop);
            await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, "p/a"), static applied => applied);
            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(4), "The member that cannot be reached held up the calls.");
            await direct.SetAsync("p/b", $"{door.Port}", cancellationToken: Stop);
            await watch.UntilAsync("p/b", $"{door.Port}");
            door.Listen();
        }

        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(8));
        Assert.Equal((SessionState.Healthy, session.Id), (session.State, (await store.GetAsync("p/seat", Stop))!.SessionId));
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
        await Task.WhenAll(doors.Select(static door => door.DisposeAsync().AsTask()));
    }

    private IConfigStore Open() => ZooKeeperStores.Open(Cluster.Nodes, static options => options.RequestTimeout = TimeSpan.FromSeconds(20));
}
