using System.Net;
using System.Security.Cryptography.X509Certificates;
using ConfigClients.Backends.Consul;

namespace ConfigClients.Backends.Tests;

public sealed class ConsulClusterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_cluster_elects_again_when_its_leader_is_killed()
    {
        await using ConsulCluster cluster = await ConsulCluster.StartAsync(cancellationToken: Stop);
        ConsulBackend old = await cluster.LeaderAsync(cancellationToken: Stop);

        await old.KillAsync();
        ConsulBackend next = await cluster.LeaderAsync(otherThan: old, Stop);
        using HttpClient client = next.CreateClient();
        using HttpResponseMessage written = await client.PutAsync("/v1/kv/a", new StringContent("1"), Stop);

        Assert.NotEqual(old.Endpoint, next.Endpoint);
        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
    }

    [Fact]
    public async Task A_killed_member_comes_back_and_catches_up()
    {
        await using ConsulCluster cluster = await ConsulCluster.StartAsync(cancellationToken: Stop);
        ConsulBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);
        ConsulBackend follower = cluster.Nodes.First(node => node != leader);
        using HttpClient writer = leader.CreateClient();
        using HttpClient reader = follower.CreateClient();

        await follower.KillAsync();
        using HttpResponseMessage written = await writer.PutAsync("/v1/kv/a", new StringContent("meanwhile"), Stop);
        await follower.RestartAsync();
        string value = await Eventually.AnswerAsync(() => reader.GetStringAsync("/v1/kv/a?raw&stale", Stop));

        Assert.Equal("meanwhile", value);
    }

    [Fact]
    public async Task A_cluster_works_with_tls_and_acls()
    {
        using TestPki pki = TestPki.Create();
        using X509Certificate2 certificate = pki.IssueClient().ToX509();
        await using ConsulCluster cluster = await ConsulCluster.StartAsync(new() { Pki = pki, AclEnabled = true }, cancellationToken: Stop);
        ConsulBackend leader = await cluster.LeaderAsync(cancellationToken: Stop);
        ConsulBackend follower = cluster.Nodes.First(node => node != leader);
        using HttpClient client = follower.CreateClient(follower.MasterToken, certificate);

        using HttpResponseMessage written = await client.PutAsync("/v1/kv/a", new StringContent("1"), Stop);

        Assert.Equal(HttpStatusCode.OK, written.StatusCode);
    }
}
