using System.Net;
using System.Net.Http.Json;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using ConfigClients.Backends.Etcd;

namespace ConfigClients.Backends.Tests;

public sealed class EtcdSecurityTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_user_may_do_what_its_role_allows_and_nothing_else()
    {
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(new() { AuthEnabled = true }, Stop);
        await etcd.Control.Users.AddWithRoleAsync("app", "secret", "readwrite", "mine/", Stop);
        EtcdControl known = etcd.Control.As("app", "secret");

        await known.PutAsync("mine/a", "1", cancellationToken: Stop);
        string elsewhere = await RefusalAsync(known.PutAsync("yours/a", "1", cancellationToken: Stop));
        string wrong = await RefusalAsync(etcd.Control.As("app", "guess").GetAsync("mine/a", Stop));

        Assert.Equal("1", await known.GetAsync("mine/a", Stop));
        Assert.Contains("permission denied", elsewhere);
        Assert.Contains("invalid user ID or password", wrong);
    }

    [Fact]
    public async Task Rights_can_be_taken_back()
    {
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(new() { AuthEnabled = true }, Stop);
        await etcd.Control.Users.AddWithRoleAsync("app", "secret", "readwrite", "mine/", Stop);
        EtcdControl known = etcd.Control.As("app", "secret");
        await known.PutAsync("mine/a", "1", cancellationToken: Stop);

        await etcd.Control.Users.RevokePermissionAsync("app", "mine/", cancellationToken: Stop);
        string noPermission = await RefusalAsync(known.GetAsync("mine/a", Stop));
        await etcd.Control.Users.DeleteAsync("app", Stop);
        string noUser = await RefusalAsync(known.GetAsync("mine/a", Stop));

        Assert.Contains("permission denied", noPermission);
        Assert.Contains("invalid user ID or password", noUser);
    }

    [Fact]
    public async Task A_server_with_users_is_usable_again_after_a_restart()
    {
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(new() { AuthEnabled = true }, Stop);
        await etcd.Control.PutAsync("a", "kept", cancellationToken: Stop);

        await etcd.RestartAsync();
        using HttpClient anonymous = etcd.CreateClient();
        using HttpResponseMessage answer = await anonymous.PostAsync("/v3/kv/range", new StringContent("""{"key":"YQ=="}"""), Stop);

        Assert.Equal("kept", await etcd.Control.GetAsync("a", Stop));
        Assert.Contains("user name is empty", await answer.Content.ReadAsStringAsync(Stop));
    }

    [Fact]
    public async Task A_tls_server_refuses_clients_without_a_certificate_and_those_of_another_authority()
    {
        using TestPki pki = TestPki.Create();
        using TestPki stranger = TestPki.Create();
        using X509Certificate2 certificate = pki.IssueClient("").ToX509();
        using X509Certificate2 strange = stranger.IssueClient("").ToX509();
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(new() { Pki = pki }, Stop);
        using HttpClient known = etcd.CreateClient(certificate: certificate);
        using HttpClient unknown = etcd.CreateClient();
        using HttpClient strangers = etcd.CreateClient(certificate: strange);

        Assert.Equal(HttpStatusCode.OK, await PutAsync(known));
        await Assert.ThrowsAsync<HttpRequestException>(() => PutAsync(unknown));
        await Assert.ThrowsAsync<HttpRequestException>(() => PutAsync(strangers));
    }

    [Fact]
    public async Task With_users_the_json_gateway_takes_a_token_but_no_certificate_with_a_name()
    {
        using TestPki pki = TestPki.Create();
        using X509Certificate2 named = pki.IssueClient("app").ToX509();
        using X509Certificate2 nameless = pki.IssueClient("").ToX509();
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(new() { Pki = pki, AuthEnabled = true }, Stop);
        using HttpClient anonymous = etcd.CreateClient(certificate: nameless);
        var login = new { name = "root", password = etcd.RootPassword };
        using HttpResponseMessage answer = await anonymous.PostAsJsonAsync("/v3/auth/authenticate", login, Stop);
        string? token = (await answer.Content.ReadFromJsonAsync<JsonElement>(Stop)).GetProperty("token").GetString();
        using HttpClient known = etcd.CreateClient(token, nameless);
        using HttpClient refused = etcd.CreateClient(token, named);

        Assert.Equal(HttpStatusCode.OK, await PutAsync(known));
        Assert.Equal(HttpStatusCode.BadRequest, await PutAsync(refused));
    }

    [Fact]
    public async Task Client_certificates_can_be_left_optional()
    {
        using TestPki pki = TestPki.Create();
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(new() { Pki = pki, RequireClientCertificate = false }, Stop);
        using HttpClient client = etcd.CreateClient();

        Assert.Equal(HttpStatusCode.OK, await PutAsync(client));
    }

    [Fact]
    public async Task A_server_can_show_an_expired_certificate_and_still_be_operated()
    {
        using TestPki pki = TestPki.Create();
        await using EtcdBackend etcd = await EtcdBackend.StartAsync(new() { Pki = pki, ServerCertificate = pki.IssueExpired() }, Stop);

        X509ChainStatusFlags seen = default;
        SocketsHttpHandler handler = new();
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, chain, errors) =>
        {
            seen = chain!.ChainStatus.Aggregate(default(X509ChainStatusFlags), (flags, status) => flags | status.Status);
            return errors is SslPolicyErrors.None;
        };
        using HttpClient client = new(handler) { BaseAddress = etcd.Endpoint };
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/version", Stop));
        await etcd.Control.PutAsync("a", "1", cancellationToken: Stop);

        Assert.True(seen.HasFlag(X509ChainStatusFlags.NotTimeValid), $"{seen}");
        Assert.Equal("1", await etcd.Control.GetAsync("a", Stop));
    }

    private static async Task<string> RefusalAsync(Task attempt) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => attempt)).Message;

    private static async Task<HttpStatusCode> PutAsync(HttpClient client)
    {
        using StringContent body = new("""{"key":"YQ==","value":"MQ=="}""");
        using HttpResponseMessage response = await client.PostAsync("/v3/kv/put", body, Stop);
        return response.StatusCode;
    }
}
