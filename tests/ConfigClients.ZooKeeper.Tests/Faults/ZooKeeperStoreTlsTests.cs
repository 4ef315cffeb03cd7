using System.Security.Cryptography.X509Certificates;
using ConfigClients.Backends;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F41: a server that cannot show who it is gets no password, a store that cannot is told so.</summary>
public sealed class ZooKeeperStoreTlsTests : IDisposable
{
    private readonly TestPki _pki = TestPki.Create();
    private readonly TestPki _stranger = TestPki.Create();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("zookeeper-tls-");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _pki.Dispose();
        _stranger.Dispose();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Both_sides_show_certificates_and_every_verb_works()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(new() { Pki = _pki }, Stop);
        await using IConfigStore store = Open(server, options =>
        {
            options.Tls.CaCertificates = [_pki.ToX509()];
            options.Tls.ClientCertificate = _pki.IssueClient("app").ToX509();
        });

        WriteResult written = await store.SetAsync("a/b", "v", cancellationToken: Stop);
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "a");
        await store.SetAsync("a/c", "w", session: session, cancellationToken: Stop);
        await watch.UntilAsync("a/c", "w");

        Assert.Equal((true, SessionState.Healthy), (written.Applied, session.State));
    }

    [Theory]
    [InlineData("expired")]
    [InlineData("not-yet-valid")]
    [InlineData("wrong-host")]
    [InlineData("stranger's")]
    [InlineData("not the machine's")]
    public async Task A_bad_server_certificate_fails_closed_before_anything_is_said(string fault)
    {
        TestCertificate certificate = fault switch
        {
            "expired" => _pki.IssueExpired(),
            "not-yet-valid" => _pki.IssueNotYetValid(),
            "wrong-host" => _pki.IssueForWrongHost(),
            "stranger's" => _stranger.IssueServer(),
            _ => _pki.IssueServer(),
        };
        await using TlsListener server = new(certificate.ToX509());
        await using IConfigStore store = ZooKeeperStores.Open([$"127.0.0.1:{server.Endpoint.Port}"], options =>
        {
            options.UseTls = true;
            (options.User, options.Password) = ("app", "canary");
            options.Tls.CaCertificates = fault == "not the machine's" ? null : [_pki.ToX509()];
        });

        StoreException read = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());
        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());
        StoreException open = await Assert.ThrowsAsync<StoreException>(() => store.OpenSessionAsync(cancellationToken: Stop).AsTask());
        StoreException watch = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            await foreach (WatchBatch _ in store.WatchAsync("a", Stop))
            {
            }
        });

        Assert.All([read, write, open, watch], static failure => Assert.Equal((StoreError.Denied, false), (failure.Error, failure.MayHaveApplied)));
        Assert.Equal(0, server.BytesReceived);
        Assert.DoesNotContain("canary", read.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Certificates_that_are_replaced_on_disk_serve_the_next_connection()
    {
        string ca = Path("ca.pem");
        string certificate = Path("client.pem");
        string key = Path("client.key");
        TestCertificate wrong = _stranger.IssueClient();
        await File.WriteAllTextAsync(ca, _pki.CaPem, Stop);
        await File.WriteAllTextAsync(certificate, wrong.CertificatePem, Stop);
        await File.WriteAllTextAsync(key, wrong.KeyPem, Stop);
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(new() { Pki = _pki }, Stop);
        await using IConfigStore store = Open(server, options =>
        {
            options.RequestTimeout = TimeSpan.FromSeconds(5);
            options.Tls.CaFile = ca;
            options.Tls.ClientCertificateFile = certificate;
            options.Tls.ClientKeyFile = key;
        });
        StoreException before = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        TestCertificate right = _pki.IssueClient();
        await File.WriteAllTextAsync(certificate, right.CertificatePem, Stop);
        await File.WriteAllTextAsync(key, right.KeyPem, Stop);
        await Eventually.ReadAsync(() => StoreTries.FailureAsync(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask()), static failure => failure is null, TimeSpan.FromSeconds(20));

        // The server's alert says it, unless the end of the connection overtakes it; then the message still names the suspect.
        Assert.Contains(before.Error, new[] { StoreError.Denied, StoreError.Unavailable });
        Assert.True(before.Message.Contains("certificate", StringComparison.Ordinal), before.ToString());
        Assert.Equal("v", await store.GetStringAsync("a", Stop));
    }

    [Fact]
    public async Task Another_authority_on_disk_counts_from_the_next_connection_on()
    {
        string ca = Path("ca.pem");
        await File.WriteAllTextAsync(ca, _stranger.CaPem, Stop);
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(new() { Pki = _pki, RequireClientCertificate = false }, Stop);
        await using IConfigStore store = Open(server, options => options.Tls.CaFile = ca);
        StoreException before = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        await File.WriteAllTextAsync(ca, _stranger.CaPem + "\n" + _pki.CaPem, Stop);
        await Eventually.ReadAsync(() => StoreTries.FailureAsync(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask()), static failure => failure is null, TimeSpan.FromSeconds(20));

        Assert.Equal((StoreError.Denied, "v"), (before.Error, await store.GetStringAsync("a", Stop)));
    }

    private static IConfigStore Open(ZooKeeperBackend server, Action<ZooKeeperStoreOptions> configure) => ZooKeeperStores.Open(server, options =>
    {
        options.UseTls = true;
        configure(options);
    });

    private string Path(string name) => System.IO.Path.Combine(_folder.FullName, name);
}
