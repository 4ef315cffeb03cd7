using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.ZooKeeper.Tests.Faults;

public sealed class ZooKeeperOutageTests(ZooKeeperFixture fixture) : StoreOutageConformance(fixture), IClassFixture<ZooKeeperFixture>
{
    /// <summary>The ensemble takes every request for a sign of life, and looks for sessions to end once a tick.</summary>
    protected override (TimeSpan Within, double Seconds) Gone => (TimeSpan.FromSeconds(6), 16);

    /// <inheritdoc/>
    protected override TimeSpan LettingGo => TimeSpan.FromSeconds(2);

    /// <summary>Ended at the ensemble by whoever gave it up, not after another lifetime.</summary>
    protected override Task FreeAsync(IStoreSession session, IConfigStore store, IConfigStore direct, string key) => Eventually.GoneAsync(direct, key);

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
}
