using ConfigClients.Backends.Etcd;

namespace ConfigClients.Backends.Tests;

public sealed class EtcdClusterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_elects_again_when_its_leader_is_killed()
    {
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(cancellationToken: Stop);
        EtcdBackend old = await cluster.LeaderAsync(cancellationToken: Stop);

        await old.KillAsync();
        EtcdBackend next = await cluster.LeaderAsync(otherThan: old, Stop);
        await next.Control.PutAsync("a", "1", cancellationToken: Stop);

        Assert.NotEqual(old.Endpoint, next.Endpoint);
        Assert.Equal("1", await next.Control.GetAsync("a", Stop));
    }

    [Fact]
    public async Task A_killed_member_comes_back_and_catches_up()
    {
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(cancellationToken: Stop);
        EtcdBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);
        EtcdBackend follower = cluster.Nodes.First(node => node != leader);

        await follower.KillAsync();
        await leader.Control.PutAsync("a", "meanwhile", cancellationToken: Stop);
        await follower.RestartAsync();

        Assert.Equal("meanwhile", await follower.Control.GetAsync("a", Stop));
    }

    [Fact]
    public async Task A_member_comes_back_although_there_is_no_majority()
    {
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(cancellationToken: Stop);
        await Task.WhenAll(cluster.Nodes.Select(node => node.KillAsync()));

        await cluster.Nodes[0].RestartAsync();
        Assert.False(await cluster.Nodes[0].IsServingAsync(Stop));
        await cluster.Nodes[1].RestartAsync();
        EtcdBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);

        Assert.Contains(leader, cluster.Nodes.Take(2));
    }

    [Fact]
    public async Task A_cluster_works_with_tls_and_users()
    {
        using TestPki pki = TestPki.Create();
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(new() { Pki = pki, AuthEnabled = true }, cancellationToken: Stop);
        EtcdBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);
        EtcdBackend follower = cluster.Nodes.First(node => node != leader);

        await follower.Control.PutAsync("a", "1", cancellationToken: Stop);

        Assert.Equal("1", await leader.Control.GetAsync("a", Stop));
    }
}
