using ConfigClients.Backends.Etcd;

namespace ConfigClients.Backends.Tests;

public sealed class EtcdPeerCutTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_leader_that_is_cut_off_is_replaced_and_returns_when_healed()
    {
        if (await AreInContainersAsync())
        {
            await AssertRefusedAsync();
            return;
        }

        await using EtcdCluster cluster = await EtcdCluster.StartAsync(new() { RelayPeers = true }, cancellationToken: Stop);
        EtcdBackend old = await cluster.LeaderAsync(cancellationToken: Stop);
        using HttpClient client = old.CreateClient();

        cluster.CutPeers(old);
        EtcdBackend next = await cluster.LeaderAsync(otherThan: old, Stop);
        await next.Control.PutAsync("a", "1", cancellationToken: Stop);
        bool servedWhileCut = await old.IsServingAsync(Stop);
        string stale = await client.GetStringAsync("/health?serializable=true", Stop);
        cluster.HealPeers(old);

        Assert.False(servedWhileCut);
        Assert.Contains("\"true\"", stale);
        Assert.Equal("1", await Eventually.AnswerAsync(() => old.Control.GetAsync("a", Stop)));
    }

    [Fact]
    public async Task A_follower_that_is_cut_off_leaves_the_others_alone()
    {
        if (await AreInContainersAsync())
        {
            await AssertRefusedAsync();
            return;
        }

        using TestPki pki = TestPki.Create();
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(new() { RelayPeers = true, Pki = pki }, cancellationToken: Stop);
        EtcdBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);
        EtcdBackend[] followers = [.. cluster.Nodes.Where(node => node != leader)];

        cluster.CutPeers(followers[0]);
        await Eventually.TrueAsync(async () => !await followers[0].IsServingAsync(Stop));
        await followers[0].RestartAsync();
        await followers[1].Control.PutAsync("a", "1", cancellationToken: Stop);

        Assert.False(await followers[0].IsServingAsync(Stop));
        Assert.Equal("1", await leader.Control.GetAsync("a", Stop));
    }

    [Fact]
    public async Task A_cluster_without_relays_says_what_a_cut_needs()
    {
        await using EtcdCluster cluster = await EtcdCluster.StartAsync(size: 1, cancellationToken: Stop);

        InvalidOperationException refusal = Assert.Throws<InvalidOperationException>(() => cluster.CutPeers(cluster.Nodes[0]));

        Assert.Contains(nameof(EtcdBackendOptions.RelayPeers), refusal.Message);
    }

    private static async Task<bool> AreInContainersAsync() => (await SharedEtcd.GetAsync()).Flavor == "container";

    private static async Task AssertRefusedAsync()
    {
        NotSupportedException refusal = await Assert.ThrowsAsync<NotSupportedException>(
            () => EtcdCluster.StartAsync(new() { RelayPeers = true }, cancellationToken: Stop));

        Assert.Contains("CONFIGCLIENTS_BACKENDS=native", refusal.Message);
    }
}
