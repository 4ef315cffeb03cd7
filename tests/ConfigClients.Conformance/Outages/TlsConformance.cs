using System.Security.Cryptography.X509Certificates;
using ConfigClients.Backends;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Conformance.Outages;

/// <summary>F41: a server that cannot show who it is gets no secret, a client that cannot is told so.</summary>
public abstract class TlsConformance : IDisposable
{
    private const string Secret = "canary";

    private readonly TestPki _stranger = TestPki.Create();
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("store-tls-");

    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The authority of servers and clients.</summary>
    protected TestPki Pki { get; } = TestPki.Create();

    /// <summary>How long calls may go on to fail when the files on disk are right: some stores connect anew by themselves, others for a call.</summary>
    protected virtual TimeSpan RightWithin => TimeSpan.Zero;

    [Fact]
    public async Task Both_sides_show_certificates_and_every_verb_works()
    {
        await using IBackend server = await StartAsync(requireClient: true);
        await using IConfigStore store = Open(server.Endpoint, tls =>
        {
            tls.CaCertificates = [Pki.ToX509()];
            tls.ClientCertificate = Pki.IssueClient("app").ToX509();
        });

        WriteResult written = await store.SetAsync("a/b", "v", cancellationToken: Stop);
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "a");
        await store.SetAsync("a/c", "w", session: session, cancellationToken: Stop);
        await watch.UntilAsync("a/c", "w");

        Assert.Equal((true, SessionState.Healthy), (written.Applied, session.State));
        Assert.Equal("v", Assert.Single(watch.Batches[0].Snapshot!.Entries).GetString());
    }

    [Theory]
    [InlineData("expired", "NotTimeValid")]
    [InlineData("not-yet-valid", "NotTimeValid")]
    [InlineData("wrong-host", "")]
    [InlineData("stranger's", "PartialChain")]
    [InlineData("not the machine's", "")]
    public async Task A_bad_server_certificate_fails_closed_before_anything_is_said(string fault, string reason)
    {
        TestCertificate certificate = fault switch
        {
            "expired" => Pki.IssueExpired(),
            "not-yet-valid" => Pki.IssueNotYetValid(),
            "wrong-host" => Pki.IssueForWrongHost(),
            "stranger's" => _stranger.IssueServer(),
            _ => Pki.IssueServer(),
        };
        await using TlsListener server = new(certificate.ToX509());
        await using IConfigStore store = Open(server.Endpoint, tls => tls.CaCertificates = fault == "not the machine's" ? null : [Pki.ToX509()], Secret);

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
        Assert.Contains(reason, read.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Secret, read.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("none")]
    [InlineData("stranger's")]
    [InlineData("expired")]
    public async Task A_client_without_a_good_certificate_is_told_so(string which)
    {
        await using IBackend server = await StartAsync(requireClient: true);
        await using IConfigStore store = Open(server.Endpoint, tls =>
        {
            tls.CaCertificates = [Pki.ToX509()];
            tls.ClientCertificate = which switch
            {
                "stranger's" => _stranger.IssueClient().ToX509(),
                "expired" => Pki.IssueExpired().ToX509(),
                _ => null,
            };
        });

        AssertSuspected(await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask()));
    }

    [Fact]
    public async Task Certificates_that_are_replaced_on_disk_serve_the_next_connection()
    {
        string ca = await WriteAsync("ca.pem", Pki.CaPem);
        TestCertificate wrong = _stranger.IssueClient();
        string certificate = await WriteAsync("client.pem", wrong.CertificatePem);
        string key = await WriteAsync("client.key", wrong.KeyPem);
        await using IBackend server = await StartAsync(requireClient: true);
        await using IConfigStore store = Open(server.Endpoint, tls =>
        {
            tls.CaFile = ca;
            tls.ClientCertificateFile = certificate;
            tls.ClientKeyFile = key;
        });
        StoreException before = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        TestCertificate right = Pki.IssueClient();
        await WriteAsync("client.pem", right.CertificatePem);
        await WriteAsync("client.key", right.KeyPem);

        await AssertServedAsync(store);
        AssertSuspected(before);
    }

    [Fact]
    public async Task Another_authority_on_disk_counts_from_the_next_connection_on()
    {
        string ca = await WriteAsync("ca.pem", _stranger.CaPem);
        await using IBackend server = await StartAsync(requireClient: false);
        await using IConfigStore store = Open(server.Endpoint, tls => tls.CaFile = ca);
        StoreException before = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        await WriteAsync("ca.pem", _stranger.CaPem + "\n" + Pki.CaPem);

        await AssertServedAsync(store);
        Assert.Equal(StoreError.Denied, before.Error);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pki.Dispose();
        _stranger.Dispose();
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>Starts a server of the test's own, with a good certificate of <see cref="Pki"/>.</summary>
    /// <param name="requireClient">Whether clients need one, too.</param>
    /// <returns>The server.</returns>
    protected abstract Task<IBackend> StartAsync(bool requireClient);

    /// <summary>Opens a store that speaks TLS.</summary>
    /// <param name="endpoint">Where.</param>
    /// <param name="tls">The certificates.</param>
    /// <param name="secret">What the store has to tell the server, and nobody else: a password, a token. Default: nothing.</param>
    /// <returns>The store.</returns>
    protected abstract IConfigStore Open(Uri endpoint, Action<StoreTlsOptions> tls, string? secret = null);

    /// <summary>The server's alert says it, unless the end of the connection overtakes it; then the message still names the suspect.</summary>
    private static void AssertSuspected(StoreException failure)
    {
        Assert.Contains(failure.Error, new[] { StoreError.Denied, StoreError.Unavailable });
        Assert.True(failure.Message.Contains("certificate", StringComparison.Ordinal), failure.ToString());
    }

    private async Task AssertServedAsync(IConfigStore store)
    {
        await Eventually.ReadAsync(() => StoreTries.FailureAsync(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask()), static failure => failure is null, RightWithin);

        Assert.Equal("v", await store.GetStringAsync("a", Stop));
    }

    private async Task<string> WriteAsync(string name, string text)
    {
        string path = Path.Combine(_folder.FullName, name);
        await File.WriteAllTextAsync(path, text, Stop);
        return path;
    }
}
