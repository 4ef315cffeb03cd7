using System.Net;
using ConfigClients.Backends.Consul;

namespace ConfigClients.Backends.Tests;

public sealed class ConsulBackendTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_fresh_server_takes_keys_and_sessions_at_once()
    {
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Stop);
        using HttpClient client = consul.CreateClient();

        using HttpResponseMessage key = await client.PutAsync("/v1/kv/a", new StringContent("1"), Stop);
        using HttpResponseMessage session = await client.PutAsync("/v1/session/create", new StringContent("""{"TTL":"15s"}"""), Stop);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.OK), (key.StatusCode, session.StatusCode));
    }

    [Fact]
    public async Task Kill_and_restart_keep_port_and_data()
    {
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Stop);
        Uri before = consul.Endpoint;
        using HttpClient client = consul.CreateClient();
        using HttpResponseMessage written = await client.PutAsync("/v1/kv/a", new StringContent("kept"), Stop);

        await consul.KillAsync();
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetStringAsync("/v1/kv/a?raw", Stop));
        await consul.RestartAsync();

        Assert.Equal("kept", await client.GetStringAsync("/v1/kv/a?raw", Stop));
        Assert.Equal(before, consul.Endpoint);
    }

    [Fact]
    public async Task A_stopped_server_can_be_started_again()
    {
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Stop);
        using HttpClient client = consul.CreateClient();
        using HttpResponseMessage written = await client.PutAsync("/v1/kv/a", new StringContent("kept"), Stop);

        await consul.StopAsync();
        await consul.RestartAsync();

        Assert.Equal("kept", await client.GetStringAsync("/v1/kv/a?raw", Stop));
    }

    [Fact]
    public async Task A_paused_server_is_silent_until_it_is_resumed()
    {
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Stop);
        using HttpClient client = consul.CreateClient();
        using HttpResponseMessage written = await client.PutAsync("/v1/kv/a", new StringContent("1"), Stop);

        await consul.PauseAsync();
        Task<string> answer = client.GetStringAsync("/v1/kv/a?raw", Stop);
        Task first = await Task.WhenAny(answer, Task.Delay(TimeSpan.FromMilliseconds(500), Stop));
        await consul.ResumeAsync();

        Assert.NotSame(answer, first);
        Assert.Equal("1", await answer);
    }

    [Fact]
    public async Task A_paused_server_can_be_killed_and_started_again()
    {
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Stop);
        using HttpClient client = consul.CreateClient();

        await consul.PauseAsync();
        await consul.RestartAsync();

        Assert.NotEmpty(await client.GetStringAsync("/v1/status/leader", Stop));
    }

    [Fact]
    public async Task The_log_says_what_the_server_did()
    {
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Stop);

        string log = await consul.LogsAsync();

        Assert.Contains("cluster leadership acquired", log);
    }
}
