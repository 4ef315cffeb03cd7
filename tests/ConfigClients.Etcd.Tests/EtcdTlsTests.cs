using System.Security.Cryptography.X509Certificates;
using ConfigClients.Backends;
using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Etcd.Tests;

/// <summary>F41: a server that cannot show who it is gets no password, a client that cannot is told so.</summary>
[Collection(OwnServers.Name)]
public sealed class EtcdTlsTests : IDisposable
{
    private readonly TestPki _pki = TestPki.Create();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("etcd-tls-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pki.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Both_sides_show_certificates_and_every_verb_works()
    {
        await using EtcdBackend server = await StartAsync();
        await using IConfigStore store = EtcdStores.Open(server.Endpoint, options =>
        {
            options.Tls.CaCertificates = [_pki.ToX509()];
            options.Tls.ClientCertificate = _pki.IssueClient().ToX509();
        });

        WriteResult written = await store.SetAsync("a/b", "v", cancellationToken: Stop);
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "a");
        await store.SetAsync("a/c", "w", session: session, cancellationToken: Stop);
        await watch.UntilAsync("a/c", "w");

        Assert.True(written.Applied);
        Assert.Equal(SessionState.Healthy, session.State);
    }

    [Fact]
    public async Task The_name_in_a_certificate_is_the_user()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(new() { Pki = _pki, AuthEnabled = true }, Stop);
        await server.Control.Users.AddWithRoleAsync("app", "unused", "readwrite", "mine/", Stop);
        await using IConfigStore store = EtcdStores.Open(server.Endpoint, options =>
        {
            options.Tls.CaCertificates = [_pki.ToX509()];
            options.Tls.ClientCertificate = _pki.IssueClient("app").ToX509();
        });

        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        WriteResult written = await store.SetAsync("mine/a", "v", session: session, cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "mine");
        StoreException elsewhere = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("yours/a", "v", cancellationToken: Stop).AsTask());
        await store.SetAsync("mine/b", "v", cancellationToken: Stop);
        await watch.UntilAsync("mine/b", "v");

        Assert.Equal((true, StoreError.Denied, false), (written.Applied, elsewhere.Error, elsewhere.MayHaveApplied));
    }

    [Theory]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("not-yet-valid", "NotTimeValid")]
    [InlineData("wrong-host", "")]
    [InlineData("stranger's", "PartialChain")]
    [InlineData("not the machine's", "")]
    public async Task A_bad_server_certificate_fails_closed_before_anything_is_said(string fault, string reason)
    {
        using TestPki stranger = TestPki.Create();
        TestCertificate certificate = fault switch
        {
            "expired" => _pki.IssueExpired(),
            "not-yet-valid" => _pki.IssueNotYetValid(),
            "wrong-host" => _pki.IssueForWrongHost(),
            "stranger's" => stranger.IssueServer(),
            _ => _pki.IssueServer(),
        };
        await using TlsListener server = new(certificate.ToX509());
        await using IConfigStore store = EtcdStores.Open(server.Endpoint, options =>
        {
            (options.User, options.Password) = ("app", "canary");
            options.Tls.CaCertificates = fault == "not the machine's" ? null : [_pki.ToX509()];
        });

        StoreException read = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());
        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());
        StoreException watch = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            await foreach (WatchBatch _ in store.WatchAsync("a", Stop))
            {
            }
        });

        Assert.Equal((StoreError.Denied, StoreError.Denied, false, StoreError.Denied), (read.Error, write.Error, write.MayHaveApplied, watch.Error));
        Assert.Equal(0, server.BytesReceived);
        Assert.Contains(reason, read.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("canary", read.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("stranger's")]
    [InlineData("expired")]
    public async Task A_client_without_a_good_certificate_is_told_so(string which)
    {
        using TestPki stranger = TestPki.Create();
        await using EtcdBackend server = await StartAsync();
        await using IConfigStore store = EtcdStores.Open(server.Endpoint, options =>
        {
            options.RequestTimeout = TimeSpan.FromSeconds(10);
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
        Assert.True(failure.Message.Contains("certificate", StringComparison.Ordinal), failure.ToString());
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
        await using EtcdBackend server = await StartAsync();
        await using IConfigStore store = EtcdStores.Open(server.Endpoint, options =>
        {
            options.RequestTimeout = TimeSpan.FromSeconds(10);
            options.Tls.CaFile = ca;
            options.Tls.ClientCertificateFile = certificate;
            options.Tls.ClientKeyFile = key;
        });
        StoreException before = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        TestCertificate right = _pki.IssueClient();
        await File.WriteAllTextAsync(certificate, right.CertificatePem, Stop);
        await File.WriteAllTextAsync(key, right.KeyPem, Stop);
        WriteResult after = await store.SetAsync("a", "v", cancellationToken: Stop);

        Assert.Contains("certificate", before.Message, StringComparison.Ordinal);
        Assert.True(after.Applied);
    }

    [Fact]
    public async Task Another_authority_on_disk_counts_from_the_next_connection_on()
    {
        using TestPki old = TestPki.Create();
        string ca = Path("ca.pem");
        await File.WriteAllTextAsync(ca, old.CaPem, Stop);
        await using EtcdBackend server = await StartAsync(requireClient: false);
        await using IConfigStore store = EtcdStores.Open(server.Endpoint, options => options.Tls.CaFile = ca);
        StoreException before = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        await File.WriteAllTextAsync(ca, old.CaPem + "\n" + _pki.CaPem, Stop);
        WriteResult after = await store.SetAsync("a", "v", cancellationToken: Stop);

        Assert.Equal((StoreError.Denied, true), (before.Error, after.Applied));
    }

    [Fact]
    public async Task Http_and_https_at_the_wrong_port_are_told_apart()
    {
        await using EtcdBackend secure = await StartAsync(requireClient: false);
        await using EtcdBackend plain = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore tooPlain = Open(new UriBuilder(secure.Endpoint) { Scheme = "http" }.Uri);
        await using IConfigStore tooSecure = Open(new UriBuilder(plain.Endpoint) { Scheme = "https" }.Uri);

        StoreException first = await Assert.ThrowsAsync<StoreException>(() => tooPlain.GetAsync("a", Stop).AsTask());
        StoreException second = await Assert.ThrowsAsync<StoreException>(() => tooSecure.GetAsync("a", Stop).AsTask());

        Assert.True(first is { Error: StoreError.Unavailable } && first.Message.Contains("TLS", StringComparison.Ordinal), first.ToString());
        Assert.True(second.Message.Contains("TLS", StringComparison.Ordinal), second.ToString());

        static IConfigStore Open(Uri endpoint) => EtcdStores.Open(endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(10));
    }

    private Task<EtcdBackend> StartAsync(bool requireClient = true) =>
        EtcdBackend.StartAsync(new() { Pki = _pki, RequireClientCertificate = requireClient }, Stop);

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);
}
