using System.Diagnostics;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Conformance.Outages;

/// <summary>F14: nobody says that the connection is gone; there is only silence.</summary>
public abstract class SilenceConformance(ServerFixture fixture)
{
    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>Until when a call with a deadline of a second has failed, in seconds: a connection that is given up first may come on top.</summary>
    protected virtual double FailedAfterSeconds => 2;

    /// <summary>How long calls may go on to fail after one found its connection silent: who has several takes another.</summary>
    protected virtual TimeSpan CallsBackWithin => Eventually.Deadline;

    /// <summary>How long a watch may take to notice, and to come back: by a ping or by a deadline, each store's own.</summary>
    protected virtual TimeSpan WatchBackWithin => TimeSpan.FromSeconds(20);

    /// <summary>How long a session may take to be kept up by another connection, from when less than half of its life is left.</summary>
    protected virtual TimeSpan SessionBackWithin => Eventually.Deadline;

    [Fact] // F14
    public async Task A_call_on_a_silent_connection_ends_on_time_and_the_connection_is_given_up()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint, TimeSpan.FromSeconds(1));
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "v", cancellationToken: Stop);
        proxy.BlackHoleEstablished();
        long start = Stopwatch.GetTimestamp();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(key, "w", cancellationToken: Stop).AsTask());
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await Eventually.ReadAsync(() => StoreTries.FailureAsync(() => store.GetAsync(key, Stop).AsTask()), static again => again is null, CallsBackWithin);

        Assert.Equal((StoreError.Unavailable, true), (failure.Error, failure.MayHaveApplied));
        Assert.InRange(took.TotalSeconds, 0.9, FailedAfterSeconds);
        Assert.Equal("v", await store.GetStringAsync(key, Stop));
    }

    [Fact] // F14
    public async Task A_watch_gone_silent_is_stale_and_comes_back()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);
        await using IConfigStore direct = fixture.OpenDirect();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        // New connections, too: a request that waits for news may not have left yet.
        proxy.NewConnections = AcceptBehavior.BlackHole;
        proxy.BlackHoleEstablished();
        await direct.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        await Eventually.HoldsAsync(() => watch.Batches.Any(static batch => batch.Kind == WatchBatchKind.Stale), WatchBackWithin);
        proxy.NewConnections = AcceptBehavior.Forward;

        await Eventually.HoldsAsync(() => watch.Values.ContainsKey(prefix + "/a"), WatchBackWithin);
        watch.AssertSound();
    }

    [Fact] // F14
    public async Task A_session_outlives_its_connection_going_silent()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        proxy.BlackHoleEstablished();

        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(8));
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(12) || session.State == SessionState.Lost, SessionBackWithin);

        Assert.Equal(SessionState.Healthy, session.State);
    }
}
