using System.Text;
using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>What other tools write into the same server.</summary>
public sealed class ConsulForeignKeyTests(ConsulFixture fixture) : IClassFixture<ConsulFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Names_that_are_no_keys_are_left_out_of_listings_and_watches()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        // By a transaction: in a URL the server itself would clean some of these names.
        await WriteAsync([prefix + "/", prefix + "/folder/", prefix + "/a//b", prefix + "/a/../b", prefix + "/a\\b", prefix + "/" + new string('x', 300), prefix + "/good"]);
        await watch.UntilAsync(prefix + "/good", "foreign");

        Assert.Equal([prefix + "/good"], (await store.ListAsync(prefix, Stop)).Entries.Select(static entry => entry.Key));
        await watch.UntilConvergedAsync(store, prefix);
    }

    [Fact]
    public async Task A_foreign_write_that_changes_nothing_is_no_event_and_any_other_refuses_a_condition()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await WriteAsync([prefix + "/a"]);
        ConfigEntry read = (await store.GetAsync(prefix + "/a", Stop))!;
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await WriteAsync([prefix + "/a"]);
        await WriteAsync([prefix + "/b"]);
        await watch.UntilAsync(prefix + "/b", "foreign");
        Assert.Equal(read.Revision, watch.Find(prefix + "/a")!.Revision);
        WriteResult unchanged = await store.SetAsync(prefix + "/a", "ours", Condition.UnchangedSince(read.Revision), cancellationToken: Stop);
        await WriteAsync([prefix + "/a"]);
        WriteResult changed = await store.SetAsync(prefix + "/a", "ours", Condition.UnchangedSince(unchanged.Revision), cancellationToken: Stop);

        Assert.Equal((true, false), (unchanged.Applied, changed.Applied));
    }

    private async Task WriteAsync(IEnumerable<string> names)
    {
        string value = Convert.ToBase64String(Encoding.UTF8.GetBytes("foreign"));
        string body = "[" + string.Join(',', names.Select(name => $$$"""{"KV":{"Verb":"set","Key":"{{{name}}}","Value":"{{{value}}}"}}""")) + "]";
        using HttpClient client = fixture.Server.CreateClient();
        using StringContent content = new(body, Encoding.UTF8, "application/json");
        using HttpResponseMessage answer = await client.PutAsync("/v1/txn", content, Stop);
        answer.EnsureSuccessStatusCode();
    }
}
