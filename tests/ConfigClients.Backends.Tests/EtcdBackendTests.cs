using System.Net;
using ConfigClients.Backends.Etcd;

namespace ConfigClients.Backends.Tests;

public sealed class EtcdBackendTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_server_takes_keys_and_leases_at_once()
    {
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(cancellationToken: Stop);

        using HttpClient client = etcd.CreateClient();
        using HttpResponseMessage key = await client.PostAsync("/v3/kv/put", new StringContent("""{"key":"YQ==","value":"MQ=="}"""), Stop);
        using HttpResponseMessage lease = await client.PostAsync("/v3/lease/grant", new StringContent("""{"TTL":"15"}"""), Stop);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (key.StatusCode, lease.StatusCode));
    }

    [Fact]
    public async Task Kill_and_restart_keep_port_and_data()
    {
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(cancellationToken: Stop);
        Uri before = etcd.Endpoint;
        await etcd.Control.PutAsync("a", "kept", cancellationToken: Stop);
        using HttpClient client = etcd.CreateClient();

        await etcd.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/version", Stop));
        await etcd.RestartAsync();

        Assert.Equal("kept", await etcd.Control.GetAsync("a", Stop));
        Assert.Equal(before, etcd.Endpoint);
    }

    [Fact]
    public async Task A_stopped_server_can_be_started_again()
    {
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await etcd.Control.PutAsync("a", "kept", cancellationToken: Stop);

        await etcd.StopAsync();
        await etcd.RestartAsync();

        Assert.Equal("kept", await etcd.Control.GetAsync("a", Stop));
    }

    [Fact]
    public async Task A_paused_server_is_silent_until_it_is_resumed()
    {
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(cancellationToken: Stop);
        using HttpClient client = etcd.CreateClient();

        await etcd.PauseAsync();
        Task<string> answer = client.GetStringAsync("/version", Stop);
        Task first = await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(500), Stop));
        await etcd.ResumeAsync();

        Assert.NotSame(answer, first);
        Assert.Contains("etcdserver", await answer);
    }

    [Fact]
    public async Task A_paused_server_can_be_killed_and_started_again()
    {
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(cancellationToken: Stop);

        await etcd.PauseAsync();
        await etcd.RestartAsync();

        Assert.Null(await etcd.Control.GetAsync("a", Stop));
    }

    [Fact]
    public async Task The_log_says_what_the_server_did()
    {
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(cancellationToken: Stop);

        string log = await etcd.LogsAsync();

        Assert.Contains("became leader", log);
    }

    [Fact]
    public async Task A_newer_server_is_another_one_or_is_said_to_be_missing()
    {
        await using EtcdBackend stable = await EtcdBackend.StartAsync(new() { Release = EtcdRelease.Stable }, Stop);
        EtcdBackend newer;
        try
        {
            newer = await EtcdBackend.StartAsync(new() { Release = EtcdRelease.Next }, Stop);
        }
        catch (InvalidOperationException missing)
        {
            Assert.Contains("etcd-next", missing.Message);
            return;
        }

        await using (newer)
        {
            Assert.NotEqual(await VersionAsync(stable), await VersionAsync(newer));
        }
    }

    [Fact]
    public async Task The_shared_server_is_one()
    {
        EtcdBackend first = await SharedEtcd.GetAsync();
        EtcdBackend second = await SharedEtcd.GetAsync();

        Assert.Same(first, second);
    }

    private static async Task<string> VersionAsync(EtcdBackend etcd)
    {
        using HttpClient client = etcd.CreateClient();
        return await client.GetStringAsync("/version", Stop);
    }
}
