using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F8: a member that its clients reach is cut off from the other members.</summary>
public sealed class ZooKeeperPeerCutTests
{
    private static readonly StoreSessionOptions Session = new() { Ttl = StoreSessionOptions.MaxTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory] // F8
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_member_cut_off_from_its_peers_is_left_by_calls_heartbeats_and_watches(bool isLeader)
    {
        if ((await SharedZooKeeper.GetAsync()).Flavor == "container")
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => ZooKeeperCluster.StartAsync(new() { RelayPeers = true }, cancellationToken: Stop));
            return;
        }

        await using ZooKeeperCluster cluster = await ZooKeeperCluster.StartAsync(new() { RelayPeers = true }, cancellationToken: Stop);
        ZooKeeperBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);
        ZooKeeperBackend member = isLeader ? leader : cluster.Nodes.First(node => node != leader);
        List<FaultProxy> others = [.. cluster.Nodes.Where(node => node != member).Select(static node => FaultProxy.Start(node.Endpoint))];
        others.ForEach(static door => door.Refuse());
        await using IConfigStore store = ZooKeeperStores.Open([$"127.0.0.1:{member.Port}", .. others.Select(static door => $"127.0.0.1:{door.Port}")], static options => options.RequestTimeout = TimeSpan.FromSeconds(20));
        await using IConfigStore direct = ZooKeeperStores.Open(cluster.Nodes.Where(node => node != member), static options => options.RequestTimeout = TimeSpan.FromSeconds(20));

        // Everything begins at the one that can be reached; the others come back later.
        await using IStoreSession session = await store.OpenSessionAsync(Session, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        others.ForEach(static door => door.Listen());

        cluster.CutPeers(member);
        await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(direct, "p/a"), static applied => applied, TimeSpan.FromSeconds(60));
        await Eventually.HoldsAsync(() => watch.Values.ContainsKey("p/a"), TimeSpan.FromSeconds(30));
        string? read = await store.GetStringAsync("p/a", Stop);
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(30));
        for (int i = 0; i < 10; i++)
        {
            await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, "p/b", $"{i}"), static applied => applied);
        }

        bool stillServes = await member.IsServingAsync(Stop);
        cluster.HealPeers(member);
        await Eventually.ReadAsync(() => member.IsServingAsync(Stop), static serves => serves, TimeSpan.FromSeconds(30));
        await watch.UntilConvergedAsync(direct, "p");

        Assert.Equal(("v", false), (read, stillServes));
        Assert.Equal((SessionState.Healthy, session.Id), (session.State, (await direct.GetAsync("p/seat", Stop))!.SessionId));
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
        await Task.WhenAll(others.Select(static door => door.DisposeAsync().AsTask()));
    }
}
