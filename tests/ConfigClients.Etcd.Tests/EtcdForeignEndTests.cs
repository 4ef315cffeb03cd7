using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdForeignEndTests(EtcdFixture fixture) : ForeignEndConformance(fixture), IClassFixture<EtcdFixture>
{
    protected override Task EndAsync(IStoreSession session) => fixture.EndAsync(session);
}
