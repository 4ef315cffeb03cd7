using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulForeignEndTests(ConsulFixture fixture) : ForeignEndConformance(fixture), IClassFixture<ConsulFixture>
{
    protected override Task EndAsync(IStoreSession session) => fixture.EndAsync(session);
}
