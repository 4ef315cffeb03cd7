using System.Diagnostics;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Conformance.Outages;

/// <summary>F13, F16, F17, F19, F23, F24: the network between a store and its server breaks, or is slow.</summary>
public abstract class NetworkFaultConformance(ServerFixture fixture)
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>What a connection that is reset at once may look like: some servers turn clients away in that manner.</summary>
    protected virtual IReadOnlyList<StoreError> WhenReset => [StoreError.Unavailable];

    /// <summary>How many connections a store may try while the network goes and comes for eight seconds: calls, sessions and watches share them, or have their own.</summary>
    protected virtual int MostConnections => 60;

    /// <summary>Until when a call with a deadline of a second has failed, in seconds: a connection that is given up first may come on top.</summary>
    protected virtual double FailedAfterSeconds => 2;

    [Fact] // F13
    public async Task Connections_reset_at_once_are_tried_again_a_bounded_number_of_times()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        proxy.NewConnections = AcceptBehavior.Reset;
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);

        StoreException read = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());
        int accepted = proxy.AcceptedConnections;

        Assert.Contains(read.Error, WhenReset);
        Assert.Equal((true, false), (read.IsTransient, read.MayHaveApplied));
        Assert.InRange(accepted, 2, 20);
    }

    [Fact] // F13
    public async Task A_write_that_found_no_connection_is_sent_when_there_is_one()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);
        string key = fixture.NewPrefix() + "/a";
        proxy.Refuse();

        Task<WriteResult> write = store.SetAsync(key, "v", cancellationToken: Stop).AsTask();
        await Task.WhenAny(write, Task.Delay(300, Stop));
        proxy.Listen();

        Assert.True((await write).Applied);
    }

    [Fact] // F13, F19
    public async Task Calls_go_to_the_other_endpoint_when_one_refuses_and_the_session_moves_along()
    {
        await using FaultProxy first = FaultProxy.Start(fixture.Endpoint);
        await using FaultProxy second = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt([first.Endpoint, second.Endpoint]);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop);
        await store.SetAsync(prefix + "/a", "v", cancellationToken: Stop);

        foreach (FaultProxy door in (FaultProxy[])[first, second])
        {
            door.Refuse();
            door.ResetAll();

            // A write may have been on its way when the connection broke.
            await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, prefix + "/a"), static applied => applied);
            long start = Stopwatch.GetTimestamp();
            for (int i = 0; i < 10; i++)
            {
                Assert.True((await store.SetAsync(prefix + "/a", $"{i}", cancellationToken: Stop)).Applied);
            }

            Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(3), "It went back to the door that refuses.");
            Assert.Equal("9", await store.GetStringAsync(prefix + "/a", Stop));
            await Eventually.ReadAsync(() => StoreTries.FailureAsync(() => store.SetAsync(prefix + "/bound", "v", session: session, cancellationToken: Stop).AsTask()), static failure => failure is null);
            door.Listen();
        }

        Assert.Equal((SessionState.Healthy, session.Id), (session.State, (await store.GetAsync(prefix + "/seat", Stop))!.SessionId));
    }

    [Fact] // F16
    public async Task Two_hundred_milliseconds_each_way_slow_everything_and_break_nothing()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        proxy.ToServer.Delay = proxy.ToClient.Delay = TimeSpan.FromMilliseconds(200);
        await using IConfigStore store = OpenUnused(proxy.Endpoint);
        string prefix = fixture.NewPrefix();
        Assert.True((await store.SetAsync(prefix + "/first", "v", cancellationToken: Stop)).Applied);
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await Task.WhenAll(Enumerable.Range(0, 30).Select(i => store.SetAsync($"{prefix}/{i}", "v", cancellationToken: Stop).AsTask()));
        await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop);
        await watch.UntilConvergedAsync(store, prefix);

        // Until a heartbeat has gone the long way.
        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(7));
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(8));
        Assert.Equal((SessionState.Healthy, false), (session.State, session.Lost.IsCancellationRequested));
    }

    [Fact] // F17
    public async Task Jitter_below_a_third_of_the_lifetime_costs_no_session()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);
        string prefix = fixture.NewPrefix();
        for (int i = 0; i < 5; i++)
        {
            await store.SetAsync($"{prefix}/{i}", "v", cancellationToken: Stop);
        }

        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
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
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);
        await using IConfigStore direct = fixture.OpenDirect();
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        for (int i = 0; i < 8; i++)
        {
            proxy.Refuse();
            proxy.ResetAll();
            await direct.SetAsync($"{prefix}/{i}", $"{i}", cancellationToken: Stop);
            await direct.SetAsync(prefix + "/a", $"{i}", cancellationToken: Stop);
            await Task.Delay(500, Stop);
            proxy.Listen();
            await Task.Delay(500, Stop);
        }

        await watch.UntilConvergedAsync(direct, prefix);

        Assert.InRange(proxy.AcceptedConnections, 2, MostConnections);
        Assert.InRange(watch.Batches.Count(static batch => batch.Kind == WatchBatchKind.Stale), 1, 9);
        Assert.DoesNotContain(watch.Batches.Skip(1), static batch => batch.Kind == WatchBatchKind.Snapshot);
        Assert.NotEqual(SessionState.Lost, session.State);
    }

    [Fact] // F24
    public async Task A_reply_that_trickles_in_does_not_outlast_the_deadline()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint, TimeSpan.FromSeconds(1));
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, new byte[10_000], cancellationToken: Stop);
        proxy.ToClient.BytesPerSecond = 200;
        long start = Stopwatch.GetTimestamp();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync(key, Stop).AsTask());
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        proxy.ToClient.BytesPerSecond = 0;

        Assert.Equal((StoreError.Unavailable, false), (failure.Error, failure.MayHaveApplied));
        Assert.InRange(took.TotalSeconds, 0.9, FailedAfterSeconds);
        await Eventually.ReadAsync(() => StoreTries.FailureAsync(() => store.GetAsync(key, Stop).AsTask()), static again => again is null);
    }

    /// <summary>Opens a store that was never used: one that makes things of its own at first use has to make them.</summary>
    /// <param name="endpoint">The way.</param>
    /// <returns>The store.</returns>
    protected virtual IConfigStore OpenUnused(Uri endpoint) => fixture.OpenAt(endpoint);
}
