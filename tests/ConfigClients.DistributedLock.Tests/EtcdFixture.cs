using ConfigClients.Backends;
using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance;

namespace ConfigClients.DistributedLocks.Tests;

/// <summary>A real server; with servers switched off, its tests are skipped.</summary>
public sealed class EtcdFixture : StoreFixture
{
    private EtcdBackend? _server;

    public override async ValueTask InitializeAsync() => _server = BackendSelection.IsOff ? null : await SharedEtcd.GetAsync();

    public override void Choose(ConfigStoreBuilder builder) =>
        builder.UseEtcd(options => options.Endpoints.Add((_server ?? throw new BackendsOffException()).Endpoint));
}
