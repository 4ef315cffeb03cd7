using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Consul.Tests;

/// <summary>F21, F22, F52: a client is cut off from every server for less and for more than its session's lifetime, or goes meanwhile.</summary>
public sealed class ConsulOutageTests(ConsulFixture fixture) : IClassFixture<ConsulFixture>
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F21
    public async Task A_session_outlives_half_its_lifetime_without_the_network()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ConsulStores.Open(proxy.Endpoint);
        await using IConfigStore direct = ConsulStores.Open(fixture.Server.Endpoint);
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
        await using IConfigStore store = ConsulStores.Open(proxy.Endpoint);
        await using IConfigStore direct = ConsulStores.Open(fixture.Server.Endpoint);
        string key = fixture.NewPrefix() + "/seat";
        IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(key, "old", Condition.Absent, session, Stop);
        long start = Stopwatch.GetTimestamp();

        proxy.Hold();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(12));
        TimeSpan lostAfter = Stopwatch.GetElapsedTime(start);
        bool stillThere = await direct.GetAsync(key, Stop) is not null;
        proxy.Release();

        // The heartbeats that were held back reach the server now and keep the old session up there. Here it stays lost.
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult occupied = await store.SetAsync(key, "new", Condition.Absent, next, Stop);
        StoreException underOld = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(key, "old", session: session, cancellationToken: Stop).AsTask());
        await session.DisposeAsync();
        WriteResult taken = await store.SetAsync(key, "new", Condition.Absent, next, Stop);

        Assert.Equal((true, SessionState.Lost, SessionEndReason.DeadlinePassed), (stillThere, session.State, session.EndReason));
        Assert.InRange(lostAfter.TotalSeconds, 6, 10);
        Assert.Equal((false, StoreError.SessionEnded, true), (occupied.Applied, underOld.Error, taken.Applied));
    }

    [Fact] // I13
    public async Task A_server_that_is_down_is_not_asked_by_a_session_more_than_twice_a_second()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ConsulStores.Open(proxy.Endpoint);
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);

        // Reset and not refused: so each try is counted. From the first heartbeat that fails until the session is nearly over.
        proxy.NewConnections = AcceptBehavior.Reset;
        proxy.ResetAll();
        int before = proxy.AcceptedConnections;
        await Eventually.HoldsAsync(() => proxy.AcceptedConnections > before, TimeSpan.FromSeconds(8));
        long start = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(12));
        int tries = proxy.AcceptedConnections - before;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;

        Assert.InRange(tries, 3, (2 * seconds) + 1);
    }

    [Theory] // F52
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_store_is_disposed_in_time_although_no_server_answers(bool refused)
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        IConfigStore store = ConsulStores.Open(proxy.Endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(2));
        string prefix = fixture.NewPrefix();
        IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
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

        Task<Exception?>[] pending = [.. Enumerable.Range(0, 20).Select(i => Record.ExceptionAsync(async () => await store.GetAsync($"{prefix}/{i}", Stop)).AsTask())];
        long start = Stopwatch.GetTimestamp();
        await Task.WhenAll(store.DisposeAsync().AsTask(), store.DisposeAsync().AsTask()).WaitAsync(Eventually.Deadline, Stop);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Exception?[] failures = await Task.WhenAll(pending).WaitAsync(Eventually.Deadline, Stop);

        Assert.InRange(took.TotalSeconds, 0, 5);
        Assert.Equal((SessionState.Lost, SessionEndReason.Closed), (session.State, session.EndReason));
        Assert.All(failures, static failure => Assert.True(failure is ObjectDisposedException or StoreException { Error: StoreError.Unavailable or StoreError.Throttled }, $"{failure}"));
        await Assert.ThrowsAsync<ObjectDisposedException>(() => watch.Completion.WaitAsync(Eventually.Deadline, Stop));
    }
}
