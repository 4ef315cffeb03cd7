using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>Data centre, namespace and partition go with every request, and what the server says of them is understood.</summary>
public sealed class ConsulPlacementTests(ConsulFixture fixture) : IClassFixture<ConsulFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_verb_works_in_a_data_centre_that_is_named()
    {
        await using IConfigStore store = fixture.Open(static options => options.Datacenter = "dc1");
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);
        await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop);
        await store.SetAsync(prefix + "/large", new byte[500_000], cancellationToken: Stop);
        await store.CommitAsync(new Transaction().Require(prefix + "/seat", Condition.HeldBy(session)).Set(prefix + "/a", TestValues.Of("v")), Stop);

        await watch.UntilConvergedAsync(store, prefix);
        Assert.Equal(("v", 3), (await store.GetStringAsync(prefix + "/a", Stop), watch.Values.Count));
    }

    [Fact]
    public async Task A_data_centre_that_nobody_knows_is_unsupported_for_every_verb()
    {
        await using IConfigStore store = fixture.Open(static options => options.Datacenter = "nowhere");

        await AssertUnsupportedAsync(store);
    }

    [Theory]
    [InlineData("Namespace")]
    [InlineData("Partition")]
    public async Task What_only_the_enterprise_version_has_is_sent_with_every_request(string option)
    {
        string parameter = option == "Namespace" ? "&ns=team-a" : "&partition=team-a";
        await using ScriptedServer server = ScriptedServer.Start(_ => ScriptedServer.Reply(404, "Session id 'x' not found"));
        await using IConfigStore store = ConsulStores.Open(server.Endpoint, options =>
        {
            options.Namespace = option == "Namespace" ? "team-a" : null;
            options.Partition = option == "Partition" ? "team-a" : null;
        });

        await CallAllAsync(store);

        Assert.Equal(["GET /v1/kv", "PUT /v1/kv", "PUT /v1/session", "PUT /v1/txn"], server.Requests.Select(static request => string.Join('/', request.Split('/').Take(3)).Split('?')[0]).Distinct().Order());
        Assert.All(server.Requests, request => Assert.Contains(parameter, request.Split(' ')[1], StringComparison.Ordinal));

        // In a transaction the server looks at the operations, and not at the query.
        string[] transactions = [.. server.Requests.Where(static request => request.StartsWith("PUT /v1/txn", StringComparison.Ordinal))];
        Assert.NotEmpty(transactions);
        Assert.All(transactions, request => Assert.Equal(Count(request, "\"KV\":"), Count(request, $"\"{option}\":\"team-a\"")));
    }

    [Fact]
    public async Task A_namespace_on_a_server_without_them_is_unsupported()
    {
        await using IConfigStore store = fixture.Open(static options => options.Namespace = "team-a");

        await AssertUnsupportedAsync(store);
    }

    [Fact]
    public async Task The_longest_names_leave_room_for_the_largest_transaction()
    {
        string longest = new('n', 128);
        await using ScriptedServer server = ScriptedServer.Start(request => request.StartsWith("PUT /v1/txn", StringComparison.Ordinal)
            ? ScriptedServer.Reply(200, $$"""{"Results":[{"KV":{{ScriptedServer.Entry("a")}}}],"Errors":null}""")
            : ScriptedServer.Reply(404, ""));
        await using IConfigStore store = ConsulStores.Open(server.Endpoint, options => (options.Namespace, options.Partition) = (longest, longest));
        Transaction transaction = new();
        for (int i = 0; i < 60; i++)
        {
            transaction.Set($"k{i:D2}", new byte[(store.Limits.MaxTransactionBytes / 60) - 3]);
        }

        WriteResult result = await store.CommitAsync(transaction, Stop);

        Assert.True(result.Applied);
        string sent = server.Requests.Single(static request => request.StartsWith("PUT /v1/txn", StringComparison.Ordinal));
        Assert.InRange(sent.Length - sent.IndexOf("\r\n\r\n", StringComparison.Ordinal) - 4, 1, 512 * 1024);
    }

    private static int Count(string text, string part) => text.Split(part).Length - 1;

    private static async Task AssertUnsupportedAsync(IConfigStore store)
    {
        IReadOnlyList<Exception?> failures = await CallAllAsync(store);

        Assert.All(failures, static failure => Assert.Equal((StoreError.Unsupported, false), failure is StoreException e ? (e.Error, e.MayHaveApplied) : throw new InvalidOperationException($"{failure}")));
    }

    private static async Task<IReadOnlyList<Exception?>> CallAllAsync(IConfigStore store) =>
    [
        await Record.ExceptionAsync(async () => await store.GetAsync("t/a", Stop)),
        await Record.ExceptionAsync(async () => await store.GetValueAsync("t/a", Stop)),
        await Record.ExceptionAsync(async () => await store.ListAsync("t/a", Stop)),
        await Record.ExceptionAsync(async () => await store.SetAsync("t/a", "v", cancellationToken: Stop)),
        await Record.ExceptionAsync(async () => await store.SetAsync("t/a", new byte[500_000], cancellationToken: Stop)),
        await Record.ExceptionAsync(async () => await store.DeleteAsync("t/a", cancellationToken: Stop)),
        await Record.ExceptionAsync(async () => await store.OpenSessionAsync(cancellationToken: Stop)),
    ];
}
