using ConfigClients.Backends;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.ZooKeeper.Tests.Faults;

public sealed class ZooKeeperStoreTlsTests : TlsConformance
{
    /// <summary>After a refusal, the one connection waits before it is tried again.</summary>
    protected override TimeSpan RightWithin => TimeSpan.FromSeconds(20);

    protected override async Task<IBackend> StartAsync(bool requireClient) =>
        await ZooKeeperBackend.StartAsync(new() { Pki = Pki, RequireClientCertificate = requireClient }, Stop);

    protected override IConfigStore Open(Uri endpoint, Action<StoreTlsOptions> tls, string? secret = null) => ZooKeeperStores.Open([$"{endpoint.Host}:{endpoint.Port}"], options =>
    {
        options.UseTls = true;
        (options.User, options.Password) = secret is null ? (null, null) : ("app", secret);
        tls(options.Tls);
    });
}
