using System.Diagnostics;
using System.Globalization;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Etcd.Tests;

/// <summary>F21, F22: a client is cut off from every server for less and for more than its session's lifetime.</summary>
public sealed class EtcdOutageTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F21
    public async Task A_session_outlives_half_its_lifetime_without_the_network()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        proxy.Refuse();
        proxy.ResetAll();
        await direct.SetAsync(prefix + "/a", "while away", cancellationToken: Stop);
        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(4.5), TimeSpan.FromSeconds(10));
        proxy.Listen();
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(10));
        await watch.UntilConvergedAsync(direct, prefix);

        Assert.Equal((SessionState.Healthy, false), (session.State, session.Lost.IsCancellationRequested));
        Assert.True((await store.SetAsync(prefix + "/fenced", "v", Condition.Absent, cancellationToken: Stop)).Applied);
    }

    [Fact] // F22
    public async Task A_session_cut_off_for_longer_is_lost_by_our_clock_and_never_taken_up_again()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string key = fixture.NewPrefix() + "/seat";
        IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(key, "old", Condition.Absent, session, Stop);
        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(9));
        long start = Stopwatch.GetTimestamp();

        proxy.Refuse();
        proxy.ResetAll();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(12));
        TimeSpan lostAfter = Stopwatch.GetElapsedTime(start);
        bool stillThere = await direct.GetAsync(key, Stop) is not null;
        await Eventually.GoneAsync(direct, key, TimeSpan.FromSeconds(4));
        TimeSpan goneAfter = Stopwatch.GetElapsedTime(start);
        proxy.Listen();
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult taken = await store.SetAsync(key, "new", Condition.Absent, next, Stop);
        StoreException underOld = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(key, "old", session: session, cancellationToken: Stop).AsTask());
        await session.DisposeAsync();

        Assert.Equal((true, SessionState.Lost, SessionEndReason.DeadlinePassed), (stillThere, session.State, session.EndReason));
        Assert.InRange(lostAfter.TotalSeconds, 7, 10);
        Assert.InRange(goneAfter.TotalSeconds, lostAfter.TotalSeconds, 12);
        Assert.Equal((true, StoreError.SessionEnded, next.Id), (taken.Applied, underOld.Error, (await direct.GetAsync(key, Stop))!.SessionId));
    }

    [Fact] // F22
    public async Task Heartbeats_that_arrive_too_late_keep_nothing_up_here()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string key = fixture.NewPrefix() + "/seat";
        IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(key, "old", Condition.Absent, session, Stop);

        // The answers are lost, the heartbeats are not: the server believes in the session for longer than this side does.
        proxy.ToClient.Hold();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(12));
        bool stillThere = await direct.GetAsync(key, Stop) is not null;
        proxy.ToClient.Release();
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult occupied = await store.SetAsync(key, "new", Condition.Absent, next, Stop);
        await session.DisposeAsync();
        WriteResult taken = await store.SetAsync(key, "new", Condition.Absent, next, Stop);

        Assert.Equal((true, SessionState.Lost, SessionEndReason.DeadlinePassed), (stillThere, session.State, session.EndReason));
        Assert.Equal((false, true), (occupied.Applied, taken.Applied));
    }

    [Fact]
    public async Task A_session_that_an_operator_ended_is_over_at_the_next_heartbeat_and_for_writes_at_once()
    {
        await using IConfigStore store = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = TimeSpan.FromSeconds(10.5) }, Stop);
        long lease = long.Parse(session.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture);
        string listed = await fixture.Server.Control.RunAsync(["lease", "list"], cancellationToken: Stop);

        await fixture.Server.Control.RevokeLeaseAsync(lease, Stop);
        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(prefix + "/a", "v", session: session, cancellationToken: Stop).AsTask());
        await Eventually.HoldsAsync(() => session.Lost.IsCancellationRequested, TimeSpan.FromSeconds(6));

        Assert.Contains(session.Id, listed, StringComparison.Ordinal);
        Assert.Equal((StoreError.SessionEnded, false), (write.Error, write.MayHaveApplied));
        Assert.Equal((SessionEndReason.EndedByStore, TimeSpan.FromSeconds(11)), (session.EndReason, session.GrantedTtl));
        Assert.Null(await store.GetAsync(prefix + "/a", Stop));
    }

    [Fact] // F52
    public async Task A_store_that_is_cut_off_can_be_disposed_in_the_time_of_one_call()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        IConfigStore store = EtcdStores.Open(proxy.Endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(2));
        string prefix = fixture.NewPrefix();
        IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        proxy.BlackHoleEstablished();
        proxy.NewConnections = AcceptBehavior.BlackHole;
        Task<ConfigEntry?> read = store.GetAsync(prefix + "/a", Stop).AsTask();
        Task<ConfigSnapshot> list = store.ListAsync(prefix, Stop).AsTask();
        Task<WriteResult> write = store.SetAsync(prefix + "/a", "v", cancellationToken: Stop).AsTask();
        long start = Stopwatch.GetTimestamp();

        await Task.WhenAll(store.DisposeAsync().AsTask(), store.DisposeAsync().AsTask());
        TimeSpan took = Stopwatch.GetElapsedTime(start);

        Assert.InRange(took.TotalSeconds, 0, 5);
        await EndedAsync(read);
        await EndedAsync(list);
        await EndedAsync(write);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => watch.Completion.WaitAsync(Eventually.Deadline, Stop));
        Assert.Equal((SessionState.Lost, SessionEndReason.Closed), (session.State, session.EndReason));
    }

    /// <summary>The deadline of a call may have passed before its store came to an end.</summary>
    private static async Task EndedAsync(Task call)
    {
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(TimeSpan.FromSeconds(1), Stop));
        Assert.True(failure is ObjectDisposedException or StoreException { Error: StoreError.Unavailable }, failure.ToString());
    }
}
