using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using ConfigClients.Backends.Consul;

namespace ConfigClients.Backends.Tests;

public sealed class ConsulSecurityTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_acls_a_client_may_do_what_its_token_allows_and_nothing_else()
    {
        await using ConsulBackend consul = await ConsulBackend.StartAsync(new() { AclEnabled = true }, Stop);
        ConsulToken token = await consul.Acl!.CreateTokenAsync("""key_prefix "mine/" { policy = "write" }""", Stop);
        using HttpClient known = consul.CreateClient(token.SecretId);
        using HttpClient anonymous = consul.CreateClient();

        HttpStatusCode[] answers =
        [
            await PutAsync(known, "mine/a"),
            await PutAsync(known, "yours/a"),
            await PutAsync(anonymous, "mine/a"),
        ];

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden], answers);
    }

    [Fact]
    public async Task Rights_can_be_changed_and_tokens_taken_away()
    {
        await using ConsulBackend consul = await ConsulBackend.StartAsync(new() { AclEnabled = true }, Stop);
        ConsulPolicy policy = await consul.Acl!.CreatePolicyAsync("""key_prefix "" { policy = "write" }""", Stop);
        ConsulToken token = await consul.Acl.CreateTokenAsync([policy], Stop);
        using HttpClient client = consul.CreateClient(token.SecretId);

        HttpStatusCode before = await PutAsync(client, "a");
        await consul.Acl.ChangePolicyAsync(policy, """key_prefix "" { policy = "read" }""", Stop);
        HttpStatusCode reduced = await PutAsync(client, "a");
        await consul.Acl.DeleteTokenAsync(token, Stop);
        using HttpResponseMessage gone = await client.GetAsync("/v1/kv/a", Stop);

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden), (before, reduced, gone.StatusCode));
    }

    [Fact]
    public async Task A_server_with_acls_is_usable_again_after_a_restart()
    {
        await using ConsulBackend consul = await ConsulBackend.StartAsync(new() { AclEnabled = true }, Stop);
        ConsulToken before = await consul.Acl!.CreateTokenAsync("""key_prefix "" { policy = "write" }""", Stop);

        await consul.RestartAsync();
        using HttpClient client = consul.CreateClient(before.SecretId);

        Assert.Equal(HttpStatusCode.OK, await PutAsync(client, "a"));
    }

    [Fact]
    public async Task A_tls_server_refuses_clients_without_a_certificate()
    {
        using TestPki pki = TestPki.Create();
        using X509Certificate2 certificate = pki.IssueClient().ToX509();
        await using ConsulBackend consul = await ConsulBackend.StartAsync(new() { Pki = pki }, Stop);
        using HttpClient known = consul.CreateClient(certificate: certificate);
        using HttpClient unknown = consul.CreateClient();

        Assert.Equal(HttpStatusCode.OK, await PutAsync(known, "a"));
        await Assert.ThrowsAsync<HttpRequestException>(() => PutAsync(unknown, "a"));
    }

    [Fact]
    public async Task A_tls_server_refuses_the_certificate_of_another_authority()
    {
        using TestPki pki = TestPki.Create();
        using TestPki stranger = TestPki.Create();
        using X509Certificate2 certificate = stranger.IssueClient().ToX509();
        await using ConsulBackend consul = await ConsulBackend.StartAsync(new() { Pki = pki }, Stop);
        using HttpClient client = consul.CreateClient(certificate: certificate);

        await Assert.ThrowsAsync<HttpRequestException>(() => PutAsync(client, "a"));
    }

    [Fact]
    public async Task Client_certificates_can_be_left_optional()
    {
        using TestPki pki = TestPki.Create();
        await using ConsulBackend consul = await ConsulBackend.StartAsync(new() { Pki = pki, RequireClientCertificate = false }, Stop);
        using HttpClient client = consul.CreateClient();

        Assert.Equal(HttpStatusCode.OK, await PutAsync(client, "a"));
    }

    [Fact]
    public async Task A_server_can_show_an_expired_certificate()
    {
        using TestPki pki = TestPki.Create();
        ConsulBackendOptions options = new() { Pki = pki, ServerCertificate = pki.IssueExpired(), RequireClientCertificate = false };
        await using ConsulBackend consul = await ConsulBackend.StartAsync(options, Stop);

        X509ChainStatusFlags seen = default;
        SocketsHttpHandler handler = new();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, chain, errors) =>
        {
            seen = chain!.ChainStatus.Aggregate(default(X509ChainStatusFlags), (flags, status) => flags | status.Status);
            return errors is SslPolicyErrors.None;
        };
        using HttpClient client = new(handler) { BaseAddress = consul.Endpoint };
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/v1/status/leader", Stop));

        Assert.True(seen.HasFlag(X509ChainStatusFlags.NotTimeValid), $"{seen}");
    }

    [Fact]
    public async Task Further_configuration_reaches_the_server()
    {
        ConsulBackendOptions options = new()
        {
            ExtraConfig = new() { ["limits"] = new System.Text.Json.Nodes.JsonObject { ["http_max_conns_per_client"] = 7 } },
        };
        await using ConsulBackend consul = await ConsulBackend.StartAsync(options, Stop);
        using HttpClient client = consul.CreateClient();

        string self = await client.GetStringAsync("/v1/agent/self", Stop);

        Assert.Contains("\"HTTPMaxConnsPerClient\":7", self);
    }

    private static async Task<HttpStatusCode> PutAsync(HttpClient client, string key)
    {
        using HttpResponseMessage response = await client.PutAsync($"/v1/kv/{key}", new StringContent("1"), Stop);
        return response.StatusCode;
    }
}
