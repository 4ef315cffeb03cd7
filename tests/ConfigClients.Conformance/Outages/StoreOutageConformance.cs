using System.Diagnostics;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Conformance.Outages;

/// <summary>F15, F21, F22, F31, F52: a store is cut off from every server for less and for more than its session's lifetime, or goes meanwhile.</summary>
public abstract class StoreOutageConformance(ServerFixture fixture)
{
    /// <summary>The lifetime of sessions here: faults then cost the least time.</summary>
    protected static StoreSessionOptions Shortest { get; } = new() { Ttl = StoreSessionOptions.MinTtl };

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>How long keys may stand after their session was lost here, and how many seconds after the cut: each server counts, and waits, in its own way.</summary>
    protected virtual (TimeSpan Within, double Seconds) Gone => (TimeSpan.FromSeconds(4), 12);

    /// <summary>How long calls that are under way may take to end when their store has ended: each transport lets go in its own time.</summary>
    protected virtual TimeSpan LettingGo => TimeSpan.FromSeconds(1);

    /// <summary>Whether a call that finds too many others waiting is turned away: only a store that counts its connections does that.</summary>
    protected virtual bool MayThrottle => false;

    [Fact] // F21
    public async Task A_session_outlives_half_its_lifetime_without_the_network()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);
        await using IConfigStore direct = fixture.OpenDirect();
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
        Assert.True((await store.SetAsync(prefix + "/fenced", "v", Condition.Absent, cancellationToken: Stop)).Applied);
    }

    [Fact] // F22
    public async Task A_session_cut_off_for_longer_is_lost_by_our_clock_and_never_taken_up_again()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);
        await using IConfigStore direct = fixture.OpenDirect();
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
        await Eventually.GoneAsync(direct, key, Gone.Within);
        TimeSpan goneAfter = Stopwatch.GetElapsedTime(start);
        proxy.Listen();
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult taken = await store.SetAsync(key, "new", Condition.Absent, next, Stop);
        StoreException underOld = await UnderAsync(session, store, key);
        await session.DisposeAsync();

        Assert.Equal((true, SessionState.Lost, SessionEndReason.DeadlinePassed), (stillThere, session.State, session.EndReason));
        Assert.InRange(lostAfter.TotalSeconds, 7, 10);
        Assert.InRange(goneAfter.TotalSeconds, lostAfter.TotalSeconds, Gone.Seconds);
        Assert.Equal((true, StoreError.SessionEnded, next.Id), (taken.Applied, underOld.Error, (await direct.GetAsync(key, Stop))!.SessionId));
    }

    [Fact] // F15, F22
    public async Task Heartbeats_that_arrive_while_their_answers_are_lost_keep_nothing_up_here()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);
        await using IConfigStore direct = fixture.OpenDirect();
        string key = fixture.NewPrefix() + "/seat";
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(key, "old", Condition.Absent, session, Stop);

        // The answers are lost, the heartbeats are not: the server believes in the session for longer than this side does.
        proxy.ToClient.Hold();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(12));
        bool stillThere = await direct.GetAsync(key, Stop) is not null;
        proxy.ToClient.Release();
        await FreeAsync(session, store, direct, key);
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult taken = await store.SetAsync(key, "new", Condition.Absent, next, Stop);
        StoreException underOld = await UnderAsync(session, store, key);

        Assert.Equal((true, SessionState.Lost, SessionEndReason.DeadlinePassed), (stillThere, session.State, session.EndReason));
        Assert.Equal((true, StoreError.SessionEnded), (taken.Applied, underOld.Error));
    }

    [Fact] // F31, F36
    public async Task A_session_that_an_operator_ended_is_over_once_with_its_keys_and_the_watch_tells()
    {
        await using IConfigStore store = fixture.OpenDirect();
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await fixture.EndAsync(session);
        await watch.UntilAsync(prefix + "/seat", null);
        await Eventually.HoldsAsync(() => session.Lost.IsCancellationRequested);
        StoreException write = await UnderAsync(session, store, prefix + "/a");

        Assert.Equal((StoreError.SessionEnded, false), (write.Error, write.MayHaveApplied));
        Assert.Equal((SessionState.Lost, SessionEndReason.EndedByStore), (session.State, session.EndReason));
        Assert.Empty((await store.ListAsync(prefix, Stop)).Entries);
    }

    [Theory] // F52
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_that_is_cut_off_can_be_disposed_in_the_time_of_one_call(bool refused)
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        IConfigStore store = fixture.OpenAt(proxy.Endpoint, TimeSpan.FromSeconds(2));
        string prefix = fixture.NewPrefix();
        IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        CutOff(proxy, refused);

        Task[] pending =
        [
            store.ListAsync(prefix, Stop).AsTask(),
            store.SetAsync(prefix + "/a", "v", cancellationToken: Stop).AsTask(),
            .. Enumerable.Range(0, 20).Select(i => store.GetAsync($"{prefix}/{i}", Stop).AsTask()),
        ];
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(store.DisposeAsync().AsTask(), store.DisposeAsync().AsTask()).WaitAsync(Eventually.Deadline, Stop);
        TimeSpan took = Stopwatch.GetElapsedTime(start);

        Assert.InRange(took.TotalSeconds, 0, 5);
        await Task.WhenAll(pending.Select(EndedAsync));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => watch.Completion.WaitAsync(Eventually.Deadline, Stop));
        Assert.Equal((SessionState.Lost, SessionEndReason.Closed), (session.State, session.EndReason));
    }

    /// <summary>Frees the keys of a session that is lost here and stands at the server: until its owner lets go of it, nobody else has them.</summary>
    /// <param name="session">The session.</param>
    /// <param name="store">Its store, which reaches the server again.</param>
    /// <param name="direct">Another store.</param>
    /// <param name="key">The key.</param>
    /// <returns>When the key is free.</returns>
    /// <remarks>A store that by itself ends at the server what it gave up here shows that instead.</remarks>
    protected virtual async Task FreeAsync(IStoreSession session, IConfigStore store, IConfigStore direct, string key)
    {
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult occupied = await store.SetAsync(key, "new", Condition.Absent, next, Stop);
        await session.DisposeAsync();

        Assert.False(occupied.Applied);
    }

    private static void CutOff(FaultProxy proxy, bool refused)
    {
        if (refused)
        {
            proxy.Refuse();
            proxy.ResetAll();
        }
        else
        {
            proxy.NewConnections = AcceptBehavior.BlackHole;
            proxy.BlackHoleEstablished();
        }
    }

    private static Task<StoreException> UnderAsync(IStoreSession session, IConfigStore store, string key) =>
        Assert.ThrowsAsync<StoreException>(() => store.SetAsync(key, "v", session: session, cancellationToken: Stop).AsTask());

    /// <summary>The deadline of a call may have passed before its store came to an end.</summary>
    private async Task EndedAsync(Task call)
    {
        Exception failure = await Assert.ThrowsAnyAsync<Exception>(() => call.WaitAsync(LettingGo, Stop));
        Assert.True(
            failure is ObjectDisposedException or StoreException { Error: StoreError.Unavailable } || (MayThrottle && failure is StoreException { Error: StoreError.Throttled }),
            failure.ToString());
    }
}
