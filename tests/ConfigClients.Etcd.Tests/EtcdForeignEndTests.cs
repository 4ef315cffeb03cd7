using System.Globalization;
using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdForeignEndTests(EtcdFixture fixture) : ForeignEndConformance(fixture), IClassFixture<EtcdFixture>
{
    protected override Task EndAsync(IStoreSession session) => fixture.Server.Control.RevokeLeaseAsync(
        long.Parse(session.Id, NumberStyles.HexNumber, CultureInfo.InvariantCulture), TestContext.Current.CancellationToken);
}
