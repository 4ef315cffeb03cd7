using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>A token appears in requests and nowhere else, whether or not the server accepts it.</summary>
public sealed class ConsulTokenSecrecyTests(ConsulAclFixture fixture) : IClassFixture<ConsulAclFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("write")]
    [InlineData("read")]
    [InlineData(null)]
    public async Task A_token_is_in_no_log_no_metric_no_trace_and_no_exception(string? policy)
    {
        string prefix = fixture.NewPrefix();
        string token = policy is null
            ? Guid.NewGuid().ToString()
            : (await fixture.Acl.CreateTokenAsync($$"""key_prefix "{{prefix}}/" { policy = "{{policy}}" } session_prefix "" { policy = "{{policy}}" }""", Stop)).SecretId;
        using CapturedLog log = new();
        using CapturedTelemetry telemetry = new();
        List<string> said = [];

        IConfigStore store = fixture.Open(token, builder => builder.UseLoggerFactory(log));
        await SayAsync(async () => await store.SetAsync(prefix + "/a", "v", cancellationToken: Stop));
        await SayAsync(async () => await store.GetAsync(prefix + "/a", Stop));
        await SayAsync(async () => await store.GetAsync("elsewhere", Stop));
        await SayAsync(async () => await store.GetValueAsync(prefix + "/a", Stop));
        await SayAsync(async () => await store.ListAsync(prefix, Stop));
        await SayAsync(async () => await store.DeleteAsync(prefix + "/a", cancellationToken: Stop));
        await SayAsync(async () => await store.WatchAsync(prefix, Stop).FirstAsync(Stop));
        await SayAsync(async () =>
        {
            await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
            said.Add($"{session} {session.Id} {await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop)}");
        });
        await store.DisposeAsync();
        await SayAsync(async () => await store.GetAsync(prefix + "/a", Stop));

        string[] lines = [.. said, .. log.Lines, .. telemetry.Lines, $"{store}"];
        Assert.Contains(lines, static line => line.StartsWith("configclients.operation.duration", StringComparison.Ordinal));
        Assert.Contains(said, static line => line.Contains("Consul answered 403", StringComparison.Ordinal));
        Assert.DoesNotContain(lines, line => line.Contains(token, StringComparison.OrdinalIgnoreCase) || line.Contains(token[..13], StringComparison.OrdinalIgnoreCase));

        async Task SayAsync(Func<Task> call) => said.Add($"{await Record.ExceptionAsync(call)}");
    }
}
