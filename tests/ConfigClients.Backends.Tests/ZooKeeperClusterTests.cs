using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.Backends.Tests;

public sealed class ZooKeeperClusterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_elects_again_when_its_leader_is_killed_and_the_old_one_catches_up()
    {
        await using ZooKeeperCluster cluster = await ZooKeeperCluster.StartAsync(cancellationToken: Stop);
        ZooKeeperBackend old = await cluster.LeaderAsync(cancellationToken: Stop);
        Uri before = old.Endpoint;

        await old.KillAsync();
        ZooKeeperBackend next = await cluster.LeaderAsync(otherThan: old, Stop);
        await using RawZooKeeperSession writer = await RawZooKeeperSession.OpenAsync(next);
        Assert.Equal(0, await writer.CreateAsync("/a", "meanwhile"));
        await old.RestartAsync();
        await Eventually.TrueAsync(() => old.IsServingAsync(Stop));
        await using RawZooKeeperSession reader = await RawZooKeeperSession.OpenAsync(old);

        Assert.Equal("meanwhile", await reader.ReadAsync("/a"));
        Assert.NotSame(old, next);
        Assert.Equal(before, old.Endpoint);
    }

    [Fact]
    public async Task A_cluster_works_with_tls_and_a_member_without_a_majority_serves_reads_where_that_is_allowed()
    {
        using TestPki pki = TestPki.Create();
        ZooKeeperBackendOptions options = new() { Pki = pki, RequireClientCertificate = false, ReadOnlyMode = true };
        await using ZooKeeperCluster cluster = await ZooKeeperCluster.StartAsync(options, cancellationToken: Stop);
        ZooKeeperBackend last = cluster.Nodes[0];
        await using RawZooKeeperSession before = await RawZooKeeperSession.OpenAsync(last);

        int created = await before.CreateAsync("/a", "1");
        await Task.WhenAll(cluster.Nodes.Skip(1).Select(node => node.KillAsync()));
        await Eventually.TrueAsync(async () => (await last.Words.SrvrAsync(Stop)).Contains("Mode: read-only"));
        await using Stream stream = await last.ConnectAsync(cancellationToken: Stop);
        await using RawZooKeeperSession after = await RawZooKeeperSession.OpenAsync(stream, readOnly: true);

        Assert.Equal((0, false), (created, before.IsReadOnly));
        Assert.Equal(("1", true), (await after.ReadAsync("/a"), after.IsReadOnly));
        Assert.False(await last.IsServingAsync(Stop));
    }
}
