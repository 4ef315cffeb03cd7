using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F14, F15, F19: nobody says that the connection is gone; there is only silence.</summary>
public sealed class ZooKeeperSilenceTests(ZooKeeperFixture fixture) : IClassFixture<ZooKeeperFixture>
{
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(15);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F14
    public async Task A_call_on_a_silent_connection_ends_on_time_and_the_connection_is_given_up()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy, static options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "v", cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, key[..^2]);
        proxy.BlackHoleEstablished();
        long start = Stopwatch.GetTimestamp();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(key, "w", cancellationToken: Stop).AsTask());
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await direct.SetAsync(key, "x", cancellationToken: Stop);
        await Eventually.ReadAsync(() => StoreTries.FailureAsync(() => store.GetAsync(key, Stop).AsTask()), static again => again is null, Noticed);

        Assert.Equal(StoreError.Unavailable, failure.Error);
        Assert.InRange(took.TotalSeconds, 0.9, 3);
        Assert.Equal("x", await store.GetStringAsync(key, Stop));
        await watch.UntilConvergedAsync(direct, key[..^2]);
        Assert.Contains(watch.Batches, static batch => batch.Kind == WatchBatchKind.Stale);
    }

    [Fact] // F14, F19
    public async Task A_server_that_takes_connections_and_says_nothing_is_left_for_another_within_one_call()
    {
        await using FaultProxy silent = FaultProxy.Start(fixture.Server.Endpoint);
        await using FaultProxy good = FaultProxy.Start(fixture.Server.Endpoint);
        silent.NewConnections = AcceptBehavior.BlackHole;

        // The order is random: several times, so that the silent one comes first at least once.
        for (int i = 0; i < 6; i++)
        {
            await using IConfigStore store = ZooKeeperStores.Open([silent, good]);
            Assert.Null(await store.GetAsync($"{fixture.NewPrefix()}/a", Stop));
        }

        Assert.NotEqual(0, silent.AcceptedConnections);
    }

    [Fact] // F14
    public async Task A_session_outlives_its_connection_going_silent()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        proxy.BlackHoleEstablished();

        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(8));
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(12) || session.State == SessionState.Lost, Noticed);

        Assert.Equal(SessionState.Healthy, session.State);
    }

    [Fact] // F15
    public async Task A_server_whose_replies_are_lost_is_left_by_calls_heartbeats_and_watches()
    {
        await using FaultProxy first = FaultProxy.Start(fixture.Server.Endpoint);
        await using FaultProxy second = FaultProxy.Start(fixture.Server.Endpoint);
        second.Refuse();
        await using IConfigStore store = ZooKeeperStores.Open([first, second]);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        second.Listen();

        first.ToClient.Hold();
        await direct.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        await Eventually.HoldsAsync(() => watch.Values.ContainsKey(prefix + "/a"), Noticed);
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(10), Noticed);
        string? read = await store.GetStringAsync(prefix + "/a", Stop);
        first.ToClient.Release();

        Assert.Equal(("v", false), (read, session.Lost.IsCancellationRequested));
        watch.AssertSound();
    }
}
