using ConfigClients.Conformance.Recipes;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulForeignEndTests(ConsulFixture fixture) : ForeignEndConformance(fixture), IClassFixture<ConsulFixture>
{
    protected override async Task EndAsync(IStoreSession session)
    {
        using HttpClient client = fixture.Server.CreateClient();
        using HttpResponseMessage answer = await client.PutAsync(new Uri($"/v1/session/destroy/{session.Id}", UriKind.Relative), null, TestContext.Current.CancellationToken);
        answer.EnsureSuccessStatusCode();
    }
}
