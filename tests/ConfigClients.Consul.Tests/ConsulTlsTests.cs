using System.Security.Cryptography.X509Certificates;
using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Consul.Tests;

/// <summary>F41: a server that cannot show who it is gets no token, a client that cannot is told so.</summary>
public sealed class ConsulTlsTests : IDisposable
{
    private readonly TestPki _pki = TestPki.Create();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("consul-tls-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pki.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Both_sides_show_certificates_and_every_verb_works()
    {
        await using ConsulBackend server = await StartAsync();
        await using IConfigStore store = ConsulStores.Open(server.Endpoint, options =>
        {
            options.Tls.CaCertificates = [_pki.ToX509()];
            options.Tls.ClientCertificate = _pki.IssueClient().ToX509();
        });

        WriteResult written = await store.SetAsync("a/b", "v", cancellationToken: Stop);
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await foreach (WatchBatch batch in store.WatchAsync("a", Stop))
        {
            Assert.Equal("v", Assert.Single(batch.Snapshot!.Entries).GetString());
            break;
        }

        Assert.True(written.Applied);
        Assert.Equal(SessionState.Healthy, session.State);
    }

    [Fact]
    public async Task The_machines_authorities_do_not_count_beside_ones_own()
    {
        using TestPki stranger = TestPki.Create();
        await using ConsulBackend server = await StartAsync(requireClient: false);
        await using IConfigStore store = ConsulStores.Open(server.Endpoint, options =>
        {
            options.Tls.CaCertificates = [stranger.ToX509()];
            options.Token = "canary";
        });

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal((StoreError.Denied, false), (failure.Error, failure.MayHaveApplied));
        Assert.Contains("CN=server", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", failure.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("not-yet-valid")]
    [InlineData("wrong-host")]
    [InlineData("untrusted")]
    public async Task A_bad_server_certificate_fails_closed(string fault)
    {
        TestCertificate certificate = fault switch
        {
            "expired" => _pki.IssueExpired(),
            "not-yet-valid" => _pki.IssueNotYetValid(),
            "wrong-host" => _pki.IssueForWrongHost(),
            _ => _pki.IssueServer(),
        };
        await using TlsListener server = new(certificate.ToX509());
        await using IConfigStore store = ConsulStores.Open(server.Endpoint, options =>
        {
            options.Token = "canary";
            options.Tls.CaCertificates = fault == "untrusted" ? null : [_pki.ToX509()];
        });

        StoreException read = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());
        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((StoreError.Denied, StoreError.Denied, false), (read.Error, write.Error, write.MayHaveApplied));
        Assert.Equal(0, server.BytesReceived);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("stranger's")]
    [InlineData("expired")]
    public async Task A_client_without_a_good_certificate_is_denied(string which)
    {
        using TestPki stranger = TestPki.Create();
        await using ConsulBackend server = await StartAsync();
        await using IConfigStore store = ConsulStores.Open(server.Endpoint, options =>
        {
            options.Tls.CaCertificates = [_pki.ToX509()];
            options.Tls.ClientCertificate = which switch
            {
                "stranger's" => stranger.IssueClient().ToX509(),
                "expired" => _pki.IssueExpired().ToX509(),
                _ => null,
            };
        });

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        // The server's alert says it, unless the end of the connection overtakes it; then the message still names the suspect.
        Assert.Contains(failure.Error, new[] { StoreError.Denied, StoreError.Unavailable });
        Assert.Contains("certificate", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_that_are_replaced_on_disk_serve_the_next_connection()
    {
        using TestPki stranger = TestPki.Create();
        string ca = Path("ca.pem");
        string certificate = Path("client.pem");
        string key = Path("client.key");
        TestCertificate wrong = stranger.IssueClient();
        await File.WriteAllTextAsync(ca, _pki.CaPem, Stop);
        await File.WriteAllTextAsync(certificate, wrong.CertificatePem, Stop);
        await File.WriteAllTextAsync(key, wrong.KeyPem, Stop);
        await using ConsulBackend server = await StartAsync();
        await using IConfigStore store = ConsulStores.Open(server.Endpoint, options =>
        {
            options.Tls.CaFile = ca;
            options.Tls.ClientCertificateFile = certificate;
            options.Tls.ClientKeyFile = key;
        });
        StoreException before = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        TestCertificate right = _pki.IssueClient();
        await File.WriteAllTextAsync(certificate, right.CertificatePem, Stop);
        await File.WriteAllTextAsync(key, right.KeyPem, Stop);
        ConfigEntry? after = await store.GetAsync("a", Stop);

        Assert.Contains("certificate", before.Message, StringComparison.Ordinal);
        Assert.Null(after);
    }

    [Fact]
    public async Task Plain_http_to_a_tls_port_is_told_apart()
    {
        await using ConsulBackend server = await StartAsync(requireClient: false);
        await using IConfigStore store = ConsulStores.Open(new UriBuilder(server.Endpoint) { Scheme = "http" }.Uri);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal(StoreError.ProtocolViolation, failure.Error);
    }

    private Task<ConsulBackend> StartAsync(bool requireClient = true) =>
        ConsulBackend.StartAsync(new ConsulBackendOptions { Pki = _pki, RequireClientCertificate = requireClient }, Stop);

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);
}
