using ConfigClients.Conformance.Outages;

namespace ConfigClients.ZooKeeper.Tests.Faults;

public sealed class ZooKeeperNetworkFaultTests(ZooKeeperFixture fixture) : NetworkFaultConformance(fixture), IClassFixture<ZooKeeperFixture>
{
    /// <summary>The connection is shared by calls and watches; a session has one more.</summary>
    protected override int MostConnections => 40;

    /// <inheritdoc/>
    protected override double FailedAfterSeconds => 3;

    /// <summary>With a prefix of its own: also the nodes that a store needs for itself are made within the time of one call.</summary>
    protected override IConfigStore OpenUnused(Uri endpoint) =>
        ZooKeeperStores.Open([$"{endpoint.Host}:{endpoint.Port}"], static options => options.Prefix = $"slow-{Guid.NewGuid():N}");
}
