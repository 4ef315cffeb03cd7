namespace ConfigClients.Backends.Tests;

public sealed class SharedConsulFixtureTests(SharedConsulFixture fixture) : IClassFixture<SharedConsulFixture>
{
    [Fact]
    public async Task A_fixture_may_hand_out_the_shared_server()
    {
        using HttpClient client = fixture.Server.CreateClient();

        Assert.NotEmpty(await client.GetStringAsync("/v1/status/leader", TestContext.Current.CancellationToken));
    }
}
