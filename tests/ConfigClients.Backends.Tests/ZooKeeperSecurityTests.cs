using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.Backends.Tests;

public sealed class ZooKeeperSecurityTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_tls_server_refuses_clients_without_a_certificate_and_those_of_another_authority()
    {
        using TestPki pki = TestPki.Create();
        using TestPki stranger = TestPki.Create();
        using X509Certificate2 certificate = pki.IssueClient().ToX509();
        using X509Certificate2 strange = stranger.IssueClient().ToX509();
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(new() { Pki = pki }, Stop);

        await using RawZooKeeperSession session = await RawZooKeeperSession.OpenAsync(await server.ConnectAsync(certificate, Stop));
        int created = await session.CreateAsync("/a", "1");
        Exception? withNone = await Record.ExceptionAsync(() => RawZooKeeperSession.OpenAsync(server));
        Exception? withStrange = await Record.ExceptionAsync(
            async () => await RawZooKeeperSession.OpenAsync(await server.ConnectAsync(strange, Stop)));

        Assert.Equal(0, created);
        Assert.All([withNone, withStrange], refusal => Assert.True(refusal is AuthenticationException or IOException, $"{refusal}"));
    }

    [Fact]
    public async Task A_server_can_show_an_expired_certificate_and_take_clients_without_one()
    {
        using TestPki pki = TestPki.Create();
        ZooKeeperBackendOptions options = new() { Pki = pki, ServerCertificate = pki.IssueExpired(), RequireClientCertificate = false };
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(options, Stop);
        await using Stream stream = await server.ConnectAsync(cancellationToken: Stop);

        using X509Certificate2 shown = new(Assert.IsType<SslStream>(stream).RemoteCertificate!);
        await using RawZooKeeperSession session = await RawZooKeeperSession.OpenAsync(stream);

        Assert.Equal("CN=expired", shown.Subject);
        Assert.Equal(0, await session.CreateAsync("/a", "1"));
    }

    [Fact]
    public async Task Clients_that_must_authenticate_are_refused_until_they_do()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(new() { DigestRequired = true }, Stop);
        await using RawZooKeeperSession anonymous = await RawZooKeeperSession.OpenAsync(server);
        await using RawZooKeeperSession known = await RawZooKeeperSession.OpenAsync(server);

        int refused = await anonymous.CreateAsync("/a", "1");
        int authenticated = await known.AuthenticateAsync("app:secret");
        int created = await known.CreateAsync("/a", "1");

        Assert.Equal((-124, 0, 0), (refused, authenticated, created));
    }
}
