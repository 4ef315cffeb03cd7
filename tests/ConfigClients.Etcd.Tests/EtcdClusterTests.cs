using System.Diagnostics;
using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Etcd.Tests;

/// <summary>F5, F6, F7, F19: three servers, of which some go: no update is lost, no session, no final state of a watch.</summary>
[Collection(OwnServers.Name)]
public sealed class EtcdClusterTests
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F5
    public async Task A_rolling_restart_under_load_fails_no_read_loses_nothing_and_ends_with_all_members_in_use()
    {
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(cancellationToken: Stop);
        EtcdBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);
        List<FaultProxy> doors = [.. cluster.Nodes.Select(static node => FaultProxy.Start(node.Endpoint))];
        CapturedLog log = new();
        await using IConfigStore store = EtcdStores.Open(doors.Select(static door => door.Endpoint), configure: builder => builder.UseLoggerFactory(log));
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        await using CounterLoad load = CounterLoad.Start(() => EtcdStores.Open(cluster.Nodes.Select(static node => node.Endpoint)), "p/counter");
        await load.UntilAsync(20);

        foreach (EtcdBackend node in cluster.Nodes.OrderBy(node => node == leader))
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

        // Calls go round all three again.
        await Eventually.ReadAsync(() => BytesAsync(store, doors), static bytes => bytes.All(static count => count > 300), TimeSpan.FromSeconds(20));
        await Task.WhenAll(doors.Select(static door => door.DisposeAsync().AsTask()));
    }

    [Fact] // F6
    public async Task Killing_the_leader_under_load_loses_nothing()
    {
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(cancellationToken: Stop);
        EtcdBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);
        Uri[] endpoints = [.. cluster.Nodes.Select(static node => node.Endpoint)];
        await using IConfigStore store = EtcdStores.Open(endpoints);
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        await using CounterLoad load = CounterLoad.Start(() => EtcdStores.Open(endpoints), "p/counter");
        await load.UntilAsync(20);

        await leader.KillAsync();
        await cluster.LeaderAsync(leader, Stop);
        await load.UntilAsync(50);

        await load.AssertNothingLostAsync(store);
        await watch.UntilConvergedAsync(store, "p");
        Assert.Empty(load.FailedReads);
        Assert.Equal((SessionState.Healthy, session.Id), (session.State, (await store.GetAsync("p/seat", Stop))!.SessionId));
    }

    [Fact] // F7
    public async Task Without_a_quorum_calls_fail_watches_are_stale_and_sessions_are_lost_on_time()
    {
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = EtcdStores.Open(cluster.Nodes.Select(static node => node.Endpoint));
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await Task.WhenAll(cluster.Nodes.Take(2).Select(static node => node.KillAsync()));
        long start = Stopwatch.GetTimestamp();
        Task<StoreException> reading = Assert.ThrowsAsync<StoreException>(() => store.GetAsync("p/seat", Stop).AsTask());
        Task<StoreException> writing = Assert.ThrowsAsync<StoreException>(() => store.SetAsync("p/a", "v", cancellationToken: Stop).AsTask());
        Task<StoreException> opening = Assert.ThrowsAsync<StoreException>(() => store.OpenSessionAsync(cancellationToken: Stop).AsTask());
        await watch.UntilAsync(static batches => batches[^1].Kind == WatchBatchKind.Stale);
        TimeSpan staleAfter = Stopwatch.GetElapsedTime(start);
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(11));
        TimeSpan lostAfter = Stopwatch.GetElapsedTime(start);
        (StoreException read, StoreException write, StoreException open) = (await reading, await writing, await opening);
        await Task.WhenAll(cluster.Nodes.Take(2).Select(static node => node.RestartAsync()));
        await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, "p/b"), static applied => applied, TimeSpan.FromSeconds(20));
        await watch.UntilConvergedAsync(store, "p");

        Assert.InRange(staleAfter.TotalSeconds, 0, 8);
        Assert.InRange(lostAfter.TotalSeconds, 3, 12);
        Assert.Equal((StoreError.Unavailable, StoreError.Unavailable, StoreError.Unavailable), (read.Error, write.Error, open.Error));
        Assert.Equal((false, false, SessionEndReason.DeadlinePassed), (read.MayHaveApplied, open.MayHaveApplied, session.EndReason));
        Assert.True(write.MayHaveApplied || await store.GetAsync("p/a", Stop) is null, "It said that it was not applied.");
    }

    [Fact] // F19
    public async Task A_member_that_this_client_cannot_reach_costs_nothing_but_a_moment()
    {
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(cancellationToken: Stop);
        List<FaultProxy> doors = [.. cluster.Nodes.Select(static node => FaultProxy.Start(node.Endpoint))];
        await using IConfigStore store = EtcdStores.Open(doors.Select(static door => door.Endpoint));
        await using IConfigStore direct = EtcdStores.Open(cluster.Nodes.Select(static node => node.Endpoint));
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        foreach (FaultProxy door in doors)
        {
            door.Refuse();
            door.ResetAll();
            long start = Stopwatch.GetTimestamp();
            await store.GetAsync("p/seat", Stop);

            // A write may have been on its way when the connection broke.
            await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, "p/a"), static applied => applied);
            for (int i = 0; i < 6; i++)
            {
                await store.GetAsync("p/seat", Stop);
                Assert.True((await store.SetAsync("p/a", $"{i}", cancellationToken: Stop)).Applied);
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(2), "The member that cannot be reached held up the calls.");
            await direct.SetAsync("p/b", $"{door.Port}", cancellationToken: Stop);
            await watch.UntilAsync("p/b", $"{door.Port}");
            door.Listen();
        }

        Assert.Equal(SessionState.Healthy, session.State);
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
        await Task.WhenAll(doors.Select(static door => door.DisposeAsync().AsTask()));
    }

    [Fact] // F6
    public async Task A_write_that_the_server_gave_up_waiting_for_is_not_sent_again()
    {
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(cancellationToken: Stop);
        EtcdBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);
        EtcdBackend[] followers = [.. cluster.Nodes.Where(node => node != leader)];
        await using IConfigStore store = EtcdStores.Open(leader.Endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(20));
        await store.SetAsync("p/a", "one", cancellationToken: Stop);
        double before = await EtcdMetrics.CallsAsync(leader, "Txn");

        await Task.WhenAll(followers.Select(static node => node.PauseAsync()));
        Task<string?> read = store.GetStringAsync("p/a", Stop).AsTask();
        Task<IStoreSession> open = store.OpenSessionAsync(cancellationToken: Stop).AsTask();
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("p/b", "two", cancellationToken: Stop).AsTask());
        double after = await EtcdMetrics.CallsAsync(leader, "Txn");
        await Task.WhenAll(followers.Select(static node => node.ResumeAsync()));
        await cluster.LeaderAsync(cancellationToken: Stop);
        ConfigEntry? entry = await store.GetAsync("p/b", Stop);

        Assert.Equal((StoreError.Unavailable, true, 1), (failure.Error, failure.MayHaveApplied, after - before));

        // What changes nothing was tried again until the others were back.
        await using IStoreSession session = await open;
        Assert.Equal(("one", SessionState.Healthy), (await read, session.State));
        Assert.Equal(entry?.CreateRevision, entry?.Revision.Number);
    }

    private static async Task<long[]> BytesAsync(IConfigStore store, IReadOnlyList<FaultProxy> doors)
    {
        long[] before = [.. doors.Select(static door => door.ToServer.Bytes)];
        for (int i = 0; i < 30; i++)
        {
            await store.GetAsync("p/counter", Stop);
        }

        return [.. doors.Select((door, i) => door.ToServer.Bytes - before[i])];
    }
}
