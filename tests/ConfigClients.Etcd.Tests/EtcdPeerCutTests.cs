using System.Diagnostics;
using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Etcd.Tests;

/// <summary>F8: a member that its clients reach is cut off from the other members.</summary>
[Collection(OwnServers.Name)]
public sealed class EtcdPeerCutTests
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory] // F8
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_member_cut_off_from_its_peers_is_left_by_calls_heartbeats_and_watches(bool isLeader)
    {
        if ((await SharedEtcd.GetAsync()).Flavor == "container")
        {
            await Assert.ThrowsAsync<NotSupportedException>(() => EtcdCluster.StartAsync(new() { RelayPeers = true }, cancellationToken: Stop));
            return;
        }

        await using EtcdCluster cluster = await EtcdCluster.StartAsync(new() { RelayPeers = true }, cancellationToken: Stop);
        EtcdBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);
        EtcdBackend member = isLeader ? leader : cluster.Nodes.First(node => node != leader);
        List<FaultProxy> others = [.. cluster.Nodes.Where(node => node != member).Select(static node => FaultProxy.Start(node.Endpoint))];
        others.ForEach(static door => door.Refuse());
        CapturedLog log = new();
        Uri[] endpoints = [member.Endpoint, .. others.Select(static door => door.Endpoint)];
        await using IConfigStore store = EtcdStores.Open(endpoints, configure: builder => builder.UseLoggerFactory(log));
        await using IConfigStore watcher = EtcdStores.Open(endpoints, configure: builder => builder.UseLoggerFactory(log));
        await using IConfigStore direct = EtcdStores.Open(
            cluster.Nodes.Where(node => node != member).Select(static node => node.Endpoint), static options => options.RequestTimeout = TimeSpan.FromSeconds(1));

        // All streams begin at the one that can be reached; the others come back later.
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        // Makes no calls that could tell it that something is wrong.
        await using WatchRecorder lone = await WatchRecorder.StartAsync(watcher, "p");
        for (int i = 0; i < 6; i++)
        {
            await store.GetAsync("p/seat", Stop);
            await watcher.GetAsync("p/seat", Stop);
        }

        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(6.5));
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(9));
        others.ForEach(static door => door.Listen());
        await Eventually.HoldsAsync(() => log.Lines.Count(static line => line.Contains("MemberBack", StringComparison.Ordinal)) >= 4);

        cluster.CutPeers(member);
        long start = Stopwatch.GetTimestamp();
        string? read = await store.GetStringAsync("p/seat", Stop);
        TimeSpan readAfter = Stopwatch.GetElapsedTime(start);
        await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(direct, "p/a"), static applied => applied);
        await watch.UntilAsync("p/a", "v");
        await lone.UntilAsync("p/a", "v");
        TimeSpan watchAfter = Stopwatch.GetElapsedTime(start);
        await Eventually.HoldsAsync(() => Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(5) && session.ValidFor > TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(12));
        for (int i = 0; i < 10; i++)
        {
            Assert.True((await store.SetAsync("p/b", $"{i}", cancellationToken: Stop)).Applied);
        }

        cluster.HealPeers(member);
        await watch.UntilConvergedAsync(direct, "p");

        Assert.Equal("v", read);
        Assert.InRange(readAfter.TotalSeconds, 0, 5);
        Assert.InRange(watchAfter.TotalSeconds, 0, 6);
        Assert.False(session.Lost.IsCancellationRequested);
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
        await Task.WhenAll(others.Select(static door => door.DisposeAsync().AsTask()));
    }
}
