using ConfigClients.Backends;
using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.Etcd.Tests;

[Collection(OwnServers.Name)]
public sealed class EtcdTlsTests : TlsConformance
{
    protected override async Task<IBackend> StartAsync(bool requireClient) =>
        await EtcdBackend.StartAsync(new() { Pki = Pki, RequireClientCertificate = requireClient }, Stop);

    protected override IConfigStore Open(Uri endpoint, Action<StoreTlsOptions> tls, string? secret = null) => EtcdStores.Open(endpoint, options =>
    {
        options.RequestTimeout = TimeSpan.FromSeconds(10);
        (options.User, options.Password) = secret is null ? (null, null) : ("app", secret);
        tls(options.Tls);
    });

    [Fact] // F41
    public async Task The_name_in_a_certificate_is_the_user()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(new() { Pki = Pki, AuthEnabled = true }, Stop);
        await server.Control.Users.AddWithRoleAsync("app", "unused", "readwrite", "mine/", Stop);
        await using IConfigStore store = EtcdStores.Open(server.Endpoint, options =>
        {
            options.Tls.CaCertificates = [Pki.ToX509()];
            options.Tls.ClientCertificate = Pki.IssueClient("app").ToX509();
        });

        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        WriteResult written = await store.SetAsync("mine/a", "v", session: session, cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "mine");
        StoreException elsewhere = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("yours/a", "v", cancellationToken: Stop).AsTask());
        await store.SetAsync("mine/b", "v", cancellationToken: Stop);
        await watch.UntilAsync("mine/b", "v");

        Assert.Equal((true, StoreError.Denied, false), (written.Applied, elsewhere.Error, elsewhere.MayHaveApplied));
    }

    [Fact] // F41
    public async Task Http_and_https_at_the_wrong_port_are_told_apart()
    {
        await using IBackend secure = await StartAsync(requireClient: false);
        await using EtcdBackend plain = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore tooPlain = Open(new UriBuilder(secure.Endpoint) { Scheme = "http" }.Uri);
        await using IConfigStore tooSecure = Open(new UriBuilder(plain.Endpoint) { Scheme = "https" }.Uri);

        StoreException first = await Assert.ThrowsAsync<StoreException>(() => tooPlain.GetAsync("a", Stop).AsTask());
        StoreException second = await Assert.ThrowsAsync<StoreException>(() => tooSecure.GetAsync("a", Stop).AsTask());

        Assert.True(first is { Error: StoreError.Unavailable } && first.Message.Contains("TLS", StringComparison.Ordinal), first.ToString());
        Assert.True(second.Message.Contains("TLS", StringComparison.Ordinal), second.ToString());

        static IConfigStore Open(Uri endpoint) => EtcdStores.Open(endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(10));
    }
}
