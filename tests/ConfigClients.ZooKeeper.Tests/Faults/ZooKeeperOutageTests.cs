using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.ZooKeeper.Tests.Live;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F21, F22, F31, F52: a store is cut off from every server for less and for more than its session's lifetime.</summary>
public sealed class ZooKeeperOutageTests(ZooKeeperFixture fixture) : IClassFixture<ZooKeeperFixture>
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F21
    public async Task A_session_outlives_half_its_lifetime_without_the_network()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        proxy.Refuse();
        proxy.ResetAll();
        await direct.SetAsync(prefix + "/a", "while away", cancellationToken: Stop);
        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(4.5));
        proxy.Listen();
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(8));
        await watch.UntilConvergedAsync(direct, prefix);

        Assert.Equal((SessionState.Healthy, false), (session.State, session.Lost.IsCancellationRequested));
        Assert.Equal(session.Id, (await direct.GetAsync(prefix + "/seat", Stop))!.SessionId);
    }

    [Fact] // F22
    public async Task A_session_cut_off_for_longer_is_lost_by_our_clock_and_never_taken_up_again()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
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
        await Eventually.GoneAsync(direct, key, TimeSpan.FromSeconds(6));
        TimeSpan goneAfter = Stopwatch.GetElapsedTime(start);
        proxy.Listen();
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult taken = await store.SetAsync(key, "new", Condition.Absent, next, Stop);
        StoreException underOld = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(key, "old", session: session, cancellationToken: Stop).AsTask());
        await session.DisposeAsync();

        Assert.Equal((true, SessionState.Lost, SessionEndReason.DeadlinePassed), (stillThere, session.State, session.EndReason));
        Assert.InRange(lostAfter.TotalSeconds, 5, 11);
        Assert.InRange(goneAfter.TotalSeconds, lostAfter.TotalSeconds, 16);
        Assert.Equal((true, StoreError.SessionEnded, next.Id), (taken.Applied, underOld.Error, (await direct.GetAsync(key, Stop))!.SessionId));
    }

    [Fact] // F15, F22
    public async Task Heartbeats_that_arrive_while_their_answers_are_lost_keep_nothing_up_here()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string key = fixture.NewPrefix() + "/seat";
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(key, "old", Condition.Absent, session, Stop);

        proxy.ToClient.Hold();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(12));
        bool stillThere = await direct.GetAsync(key, Stop) is not null;
        proxy.ToClient.Release();

        // Ended at the ensemble by whoever gave it up, not after another lifetime.
        await Eventually.GoneAsync(direct, key);
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult taken = await store.SetAsync(key, "new", Condition.Absent, next, Stop);

        Assert.Equal((true, SessionState.Lost, SessionEndReason.DeadlinePassed), (stillThere, session.State, session.EndReason));
        Assert.True(taken.Applied);
    }

    [Fact] // F22
    public async Task A_session_given_up_here_lets_go_of_its_keys_although_a_write_had_kept_it_up_there()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string key = fixture.NewPrefix() + "/seat";
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(7.2));

        // Counts at the ensemble, not as a heartbeat: from here the two ends differ by more than two seconds.
        await store.SetAsync(key, "v", Condition.Absent, session, Stop);
        proxy.Refuse();
        proxy.ResetAll();
        TimeSpan left = session.ValidFor;
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost);
        proxy.Listen();
        await Eventually.GoneAsync(direct, key);

        Assert.InRange(left.TotalSeconds, 5, 7.2);
        Assert.Equal((SessionState.Lost, SessionEndReason.DeadlinePassed), (session.State, session.EndReason));
    }

    [Fact] // F31, F36
    public async Task A_session_that_an_operator_ended_is_over_once_with_its_keys_and_the_watch_tells()
    {
        await using IConfigStore store = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await ForeignEnd.OfAsync(Assert.IsType<ZooKeeperSession>(session).Wire, fixture.Server);
        await watch.UntilAsync(prefix + "/seat", null);
        await Eventually.HoldsAsync(() => session.Lost.IsCancellationRequested);
        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(prefix + "/a", "v", session: session, cancellationToken: Stop).AsTask());

        Assert.Equal((StoreError.SessionEnded, false), (write.Error, write.MayHaveApplied));
        Assert.Equal((SessionState.Lost, SessionEndReason.EndedByStore), (session.State, session.EndReason));
        Assert.Empty((await store.ListAsync(prefix, Stop)).Entries);
    }

    [Fact] // F52
    public async Task A_store_that_is_cut_off_can_be_disposed_in_a_moment()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        IConfigStore store = ZooKeeperStores.Open(proxy, static options => options.RequestTimeout = TimeSpan.FromSeconds(2));
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
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(TimeSpan.FromSeconds(2), Stop));
        Assert.True(failure is ObjectDisposedException or StoreException { Error: StoreError.Unavailable }, failure.ToString());
    }
}
