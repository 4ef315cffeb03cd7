using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Etcd.Tests;

/// <summary>F13, F16, F17, F19, F23, F24: the network between a store and the server breaks, or is slow.</summary>
public sealed class EtcdNetworkFaultTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F13
    public async Task Connections_reset_at_once_are_tried_again_a_bounded_number_of_times()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        proxy.NewConnections = AcceptBehavior.Reset;
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);

        StoreException read = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());
        int accepted = proxy.AcceptedConnections;

        Assert.Equal((StoreError.Unavailable, false), (read.Error, read.MayHaveApplied));
        Assert.InRange(accepted, 2, 20);
    }

    [Fact] // F13
    public async Task A_write_that_found_no_connection_is_sent_when_there_is_one()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        string key = fixture.NewPrefix() + "/a";
        proxy.Refuse();

        Task<WriteResult> write = store.SetAsync(key, "v", cancellationToken: Stop).AsTask();
        await Task.WhenAny(write, Task.Delay(300, Stop));
        proxy.Listen();

        Assert.True((await write).Applied);
    }

    [Fact] // F13, F19
    public async Task Writes_go_to_the_next_endpoint_when_the_first_refuses()
    {
        await using FaultProxy first = FaultProxy.Start(fixture.Server.Endpoint);
        await using FaultProxy second = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open([first.Endpoint, second.Endpoint]);
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "one", cancellationToken: Stop);
        await store.SetAsync(key, "two", cancellationToken: Stop);
        first.Refuse();
        first.ResetAll();
        await Eventually.ReadAsync(async () => await StoreTries.FailureAsync(() => store.SetAsync(key, "three", cancellationToken: Stop).AsTask()), static failure => failure is null);

        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < 10; i++)
        {
            Assert.True((await store.SetAsync(key, $"{i}", cancellationToken: Stop)).Applied);
        }

        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(3), "It went back to the endpoint that refuses.");
        Assert.Equal("9", await store.GetStringAsync(key, Stop));
    }

    [Fact] // F16
    public async Task Two_hundred_milliseconds_each_way_slow_everything_and_break_nothing()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        proxy.ToServer.Delay = proxy.ToClient.Delay = TimeSpan.FromMilliseconds(200);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => store.SetAsync($"{prefix}/{i}", "v", cancellationToken: Stop).AsTask()));
        await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop);
        await watch.UntilConvergedAsync(store, prefix);

        Assert.Equal(SessionState.Healthy, session.State);
    }

    [Fact] // F17
    public async Task Jitter_below_a_third_of_the_lifetime_costs_no_session()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        long start = Stopwatch.GetTimestamp();
        int writes = 0;

        while (Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(11))
        {
            proxy.ToServer.Delay = TimeSpan.FromMilliseconds(Random.Shared.Next(900));
            proxy.ToClient.Delay = TimeSpan.FromMilliseconds(Random.Shared.Next(900));
            await store.SetAsync($"{prefix}/{writes++ % 5}", $"{writes}", cancellationToken: Stop);
        }

        proxy.ToServer.Delay = proxy.ToClient.Delay = TimeSpan.Zero;
        await watch.UntilConvergedAsync(store, prefix);
        Assert.False(session.Lost.IsCancellationRequested);
        Assert.DoesNotContain(watch.Batches, static batch => batch.Kind == WatchBatchKind.Stale);
    }

    [Fact] // F23
    public async Task A_flapping_network_makes_no_storm_and_loses_no_final_state()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        for (int i = 0; i < 8; i++)
        {
            proxy.Refuse();
            proxy.ResetAll();
            await direct.SetAsync($"{prefix}/{i}", $"{i}", cancellationToken: Stop);
            await Task.Delay(500, Stop);
            proxy.Listen();
            await Task.Delay(500, Stop);
        }

        await watch.UntilConvergedAsync(direct, prefix);

        Assert.InRange(proxy.AcceptedConnections, 1, 60);
        Assert.InRange(watch.Batches.Count(static batch => batch.Kind == WatchBatchKind.Stale), 1, 9);
        Assert.DoesNotContain(watch.Batches.Skip(1), static batch => batch.Kind == WatchBatchKind.Snapshot);
        Assert.NotEqual(SessionState.Lost, session.State);
    }

    [Fact] // F24
    public async Task A_reply_that_trickles_in_does_not_outlast_the_deadline()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, new byte[10_000], cancellationToken: Stop);
        proxy.ToClient.BytesPerSecond = 200;
        long start = Stopwatch.GetTimestamp();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync(key, Stop).AsTask());
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        proxy.ToClient.BytesPerSecond = 0;

        Assert.Equal((StoreError.Unavailable, false), (failure.Error, failure.MayHaveApplied));
        Assert.InRange(took.TotalSeconds, 0.9, 2);
        await Eventually.ReadAsync(async () => await StoreTries.FailureAsync(() => store.GetAsync(key, Stop).AsTask()), static again => again is null);
    }
}
