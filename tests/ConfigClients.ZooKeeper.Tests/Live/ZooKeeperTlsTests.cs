using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using ConfigClients.Backends;
using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>F41: a server that cannot show who it is gets nothing, a client that cannot is told so.</summary>
public sealed class ZooKeeperTlsTests : IDisposable
{
    private readonly TestPki _pki = TestPki.Create();
    private readonly TestPki _stranger = TestPki.Create();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pki.Dispose();
        _stranger.Dispose();
    }

    [Fact]
    public async Task Both_sides_show_certificates_and_everything_works()
    {
        await using ZooKeeperBackend server = await StartAsync();
        await using ZooKeeperClient client = Open(server, _pki, _pki.IssueClient("app"), static options => options.Credentials.Add(ZooKeeperCredential.Digest("bob", "secret")));
        await using ZooKeeperSubscription watch = await client.SubscribeAsync("/a", ZooKeeperWatchMode.Node, Stop);
        byte[] large = new byte[1_000_000];
        Random.Shared.NextBytes(large);

        await client.CreateAsync("/a", large, options: new ZooKeeperCreateOptions { Acl = ZooKeeperAcl.Creator }, cancellationToken: Stop);
        ZooKeeperNode?[] nodes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => client.GetDataAsync("/a", Stop).AsTask()));

        Assert.All(nodes, node => Assert.True(node!.Value.Data.Span.SequenceEqual(large)));
        Assert.Equal(["digest", "ip", "x509"], (await client.WhoAmIAsync(Stop)).Select(static identity => identity.Scheme).Order());
        Assert.Equal(ZooKeeperEventKind.Created, (await ZooKeeperChrootTests.ReadAsync(watch, 1))[0].Kind);
    }

    [Fact]
    public async Task Without_client_certificates_the_server_alone_shows_one()
    {
        await using ZooKeeperBackend server = await StartAsync(requireClient: false);
        await using ZooKeeperClient client = Open(server, _pki, null);

        Assert.Null(await client.GetDataAsync("/a", Stop));
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("not-yet-valid")]
    [InlineData("wrong-host")]
    [InlineData("untrusted")]
    public async Task A_bad_server_certificate_fails_closed_and_at_once(string fault)
    {
        await using ZooKeeperBackend server = await StartAsync(requireClient: false, certificate: fault switch
        {
            "expired" => _pki.IssueExpired(),
            "not-yet-valid" => _pki.IssueNotYetValid(),
            "wrong-host" => _pki.IssueForWrongHost(),
            _ => _pki.IssueServer(),
        });
        await using ZooKeeperClient client = Open(
            server, fault == "untrusted" ? _stranger : _pki, null, static options => options.Credentials.Add(ZooKeeperCredential.Digest("bob", "canary")));

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/a", null, cancellationToken: Stop).AsTask());

        Assert.Equal((ZooKeeperError.TlsFailed, false), (failure.Error, failure.MayHaveApplied));
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("stranger's")]
    public async Task A_client_without_a_good_certificate_is_refused(string which)
    {
        await using ZooKeeperBackend server = await StartAsync();
        await using ZooKeeperClient client = Open(server, _pki, which == "none" ? null : _stranger.IssueClient(), static options => options.RequestTimeout = TimeSpan.FromSeconds(5));

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/a", Stop).AsTask());

        // The server's alert says it, unless the end of the connection overtakes it.
        Assert.Contains(failure.Error, new[] { ZooKeeperError.TlsFailed, ZooKeeperError.ConnectionLoss });
        Assert.True(failure.Message.Contains("TLS", StringComparison.Ordinal), failure.ToString());
    }

    [Fact]
    public async Task Speaking_in_clear_to_a_port_with_tls_fails()
    {
        await using ZooKeeperBackend server = await StartAsync(requireClient: false);
        await using ZooKeeperClient client = ZooKeeperClients.Open(server, static options => options.RequestTimeout = TimeSpan.FromSeconds(3));

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/a", Stop).AsTask());

        Assert.Equal(ZooKeeperError.ConnectionLoss, failure.Error);
        Assert.True(failure.Message.Contains("TLS", StringComparison.Ordinal), failure.ToString());
    }

    [Fact]
    public async Task Speaking_tls_to_a_port_in_clear_fails()
    {
        await using ZooKeeperClient client = Open(await SharedZooKeeper.GetAsync(), _pki, null, static options => options.RequestTimeout = TimeSpan.FromSeconds(3));

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/a", Stop).AsTask());

        Assert.False(failure.MayHaveApplied);
    }

    [Fact]
    public async Task Options_that_throw_are_a_failure_like_any_other()
    {
        await using ZooKeeperBackend server = await StartAsync(requireClient: false);
        int asked = 0;
        await using ZooKeeperClient client = ZooKeeperClients.Open(server, options => options.Tls = _ =>
            Interlocked.Increment(ref asked) == 1 ? throw new InvalidOperationException("not ready yet") : Tls(_pki, null));

        Assert.Null(await client.GetDataAsync("/a", Stop));
    }

    private static ZooKeeperClient Open(ZooKeeperBackend server, TestPki authority, TestCertificate? certificate, Action<ZooKeeperClientOptions>? configure = null) =>
        ZooKeeperClients.Open(server, options =>
        {
            options.Tls = _ => Tls(authority, certificate);
            configure?.Invoke(options);
        });

    private static SslClientAuthenticationOptions Tls(TestPki authority, TestCertificate? certificate)
    {
        X509ChainPolicy policy = new() { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(authority.ToX509());
        return new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = policy,
            ClientCertificates = certificate is null ? null : [certificate.ToX509()],
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
        };
    }

    private Task<ZooKeeperBackend> StartAsync(bool requireClient = true, TestCertificate? certificate = null) => ZooKeeperBackend.StartAsync(
        new ZooKeeperBackendOptions { Pki = _pki, RequireClientCertificate = requireClient, ServerCertificate = certificate }, Stop);
}
