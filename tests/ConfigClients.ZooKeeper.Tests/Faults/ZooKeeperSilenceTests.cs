using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.ZooKeeper.Tests.Faults;

public sealed class ZooKeeperSilenceTests(ZooKeeperFixture fixture) : SilenceConformance(fixture), IClassFixture<ZooKeeperFixture>
{
    private static readonly TimeSpan Noticed = TimeSpan.FromSeconds(15);

    /// <inheritdoc/>
    protected override double FailedAfterSeconds => 3;

    /// <summary>There is one connection for all calls.</summary>
    protected override TimeSpan CallsBackWithin => Noticed;

    /// <inheritdoc/>
    protected override TimeSpan SessionBackWithin => Noticed;

    [Fact] // F14
    public async Task A_call_that_ends_by_silence_has_the_watch_begin_anew_on_another_connection()
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
