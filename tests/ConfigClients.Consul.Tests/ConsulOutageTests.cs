using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulOutageTests(ConsulFixture fixture) : StoreOutageConformance(fixture), IClassFixture<ConsulFixture>
{
    /// <summary>The server ends a session after up to twice its lifetime.</summary>
    protected override (TimeSpan Within, double Seconds) Gone => (TimeSpan.FromSeconds(20), 28);

    /// <summary>Calls wait for a connection one behind another, and so they end.</summary>
    protected override TimeSpan LettingGo => Eventually.Deadline;

    /// <summary>Connections are counted.</summary>
    protected override bool MayThrottle => true;

    [Fact] // F22
    public async Task Heartbeats_that_were_held_back_keep_up_a_session_there_that_stays_lost_here()
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
}
