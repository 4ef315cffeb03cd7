using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulTlsTests : TlsConformance
{
    protected override async Task<IBackend> StartAsync(bool requireClient) =>
        await ConsulBackend.StartAsync(new() { Pki = Pki, RequireClientCertificate = requireClient }, Stop);

    protected override IConfigStore Open(Uri endpoint, Action<StoreTlsOptions> tls, string? secret = null) => ConsulStores.Open(endpoint, options =>
    {
        options.Token = secret;
        tls(options.Tls);
    });

    [Fact] // F41
    public async Task The_machines_authorities_do_not_count_beside_ones_own()
    {
        using TestPki stranger = TestPki.Create();
        await using IBackend server = await StartAsync(requireClient: false);
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

    [Fact] // F41
    public async Task Plain_http_to_a_tls_port_is_told_apart()
    {
        await using IBackend server = await StartAsync(requireClient: false);
        await using IConfigStore store = ConsulStores.Open(new UriBuilder(server.Endpoint) { Scheme = "http" }.Uri);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal(StoreError.ProtocolViolation, failure.Error);
    }
}
