using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.ZooKeeper.Tests.Faults;
using ConfigClients.ZooKeeper.Tests.Live;

namespace ConfigClients.ZooKeeper.Tests;

/// <summary>Nodes that other tools made below the prefix, or that the store needs and nobody asked for.</summary>
public sealed class ZooKeeperForeignNodeTests(ZooKeeperFixture fixture) : IClassFixture<ZooKeeperFixture>
{
    /// <summary>Names that ZooKeeper takes and no key is spelled so.</summary>
    public static TheoryData<string> NoKeys => ["=", "=a", "=A=2", "==2f", "=!x", "=!v", "=a==41", "a\\b", "e\u0301", new string('a', 256)];

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(NoKeys))]
    public async Task A_node_that_is_no_key_is_in_no_listing_and_no_watch_and_stays(string name)
    {
        await using IConfigStore store = ZooKeeperStores.Open(fixture.Server);
        await using ZooKeeperClient other = ZooKeeperClients.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        string path = $"/faults/{prefix}/{name}";

        await other.CreateAsync(path, "foreign"u8.ToArray(), cancellationToken: Stop);
        await other.SetDataAsync(path, "changed"u8.ToArray(), cancellationToken: Stop);
        await store.SetAsync(prefix + "/b", "v", cancellationToken: Stop);
        await watch.UntilAsync(prefix + "/b", "v");
        await store.DeleteAsync(prefix + "/a", cancellationToken: Stop);
        await store.DeleteAsync(prefix + "/b", cancellationToken: Stop);
        await watch.UntilAsync(prefix + "/b", null);

        Assert.Empty((await store.ListAsync(prefix, Stop)).Entries);
        Assert.DoesNotContain(watch.Batches, static batch => batch.Changes.Any(static change => change.Entry?.GetString() is "foreign" or "changed"));
        Assert.NotNull(await other.ExistsAsync(path, Stop));
    }

    [Fact]
    public async Task Null_data_is_no_key_and_no_bytes_are_one()
    {
        await using IConfigStore store = ZooKeeperStores.Open(fixture.Server);
        await using ZooKeeperClient other = ZooKeeperClients.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/beside", "v", cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await other.CreateAsync($"/faults/{prefix}/null", null, cancellationToken: Stop);
        await other.CreateAsync($"/faults/{prefix}/empty", default(ReadOnlyMemory<byte>), cancellationToken: Stop);
        await watch.UntilAsync(prefix + "/empty", "");
        WriteResult deleted = await store.DeleteAsync(prefix + "/null", cancellationToken: Stop);
        WriteResult missing = await store.SetAsync(prefix + "/null", "v", Condition.Exists, cancellationToken: Stop);
        WriteResult created = await store.SetAsync(prefix + "/null", "v", Condition.Absent, cancellationToken: Stop);
        await watch.UntilConvergedAsync(store, prefix);

        Assert.Equal((false, false, true), (deleted.Applied, missing.Applied, created.Applied));
        Assert.Equal(created.Revision.Number, (await store.GetAsync(prefix + "/null", Stop))!.CreateRevision);
        Assert.Equal(["beside", "empty", "null"], (await store.ListAsync(prefix, Stop)).Entries.Select(entry => entry.Key[(prefix.Length + 1)..]));
    }

    [Fact]
    public async Task A_parent_that_an_operator_made_keeps_its_children_whatever_becomes_of_its_value()
    {
        await using IConfigStore store = ZooKeeperStores.Open(fixture.Server);
        await using ZooKeeperClient other = ZooKeeperClients.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/beside", "v", cancellationToken: Stop);
        await other.CreateAsync($"/faults/{prefix}/p", null, cancellationToken: Stop);
        await other.CreateAsync($"/faults/{prefix}/p/=foreign", "v"u8.ToArray(), cancellationToken: Stop);

        WriteResult set = await store.SetAsync(prefix + "/p", "v", cancellationToken: Stop);
        ConfigEntry? entry = await store.GetAsync(prefix + "/p", Stop);
        WriteResult deleted = await store.DeleteAsync(prefix + "/p", cancellationToken: Stop);
        WriteResult again = await store.SetAsync(prefix + "/p", "w", cancellationToken: Stop);

        Assert.Equal((true, true, true), (set.Applied, deleted.Applied, again.Applied));
        Assert.Equal(set.Revision.Number, entry!.CreateRevision);
        Assert.Equal(again.Revision.Number, (await store.GetAsync(prefix + "/p", Stop))!.CreateRevision);
        Assert.NotNull(await other.ExistsAsync($"/faults/{prefix}/p/=foreign", Stop));
    }

    [Fact]
    public async Task The_node_of_the_prefix_stays_when_the_last_key_goes()
    {
        await using ZooKeeperClient other = ZooKeeperClients.Open(fixture.Server);
        string root = $"operators-{Guid.NewGuid():N}";
        await using IConfigStore store = ZooKeeperStores.Open(fixture.Server, options => options.Prefix = root + "/app");
        await other.CreateAsync($"/{root}", null, cancellationToken: Stop);
        await other.CreateAsync($"/{root}/app", null, cancellationToken: Stop);
        await other.CreateAsync($"/{root}/app/place", null, cancellationToken: Stop);
        await other.CreateAsync($"/{root}/app/place/a", "v"u8.ToArray(), cancellationToken: Stop);

        WriteResult deleted = await store.DeleteAsync("place/a", cancellationToken: Stop);
        await Eventually.ReadAsync(async () => await other.ExistsAsync($"/{root}/app/place", Stop), static stat => stat is null);

        // Whoever prunes does so over the same connection: by the end of these it would have gone on.
        for (int i = 0; i < 50; i++)
        {
            await store.GetAsync("b", Stop);
        }

        Assert.True(deleted.Applied);
        Assert.NotNull(await other.ExistsAsync($"/{root}/app", Stop));
    }

    [Fact]
    public async Task A_watch_knows_how_old_a_key_is_that_was_set_where_keys_below_it_stood_already()
    {
        await using IConfigStore store = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/alone/below", "v", cancellationToken: Stop);
        await store.SetAsync(prefix + "/together/below", "v", cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        WriteResult alone = await store.SetAsync(prefix + "/alone", "v", cancellationToken: Stop);
        await watch.UntilAsync(prefix + "/alone", "v");
        WriteResult together = await store.CommitAsync(
            new Transaction().Set(prefix + "/together", TestValues.Of("v")).Set(prefix + "/beside", TestValues.Of("v")), Stop);
        await watch.UntilAsync(prefix + "/together", "v");

        Assert.Equal(alone.Revision.Number, watch.Find(prefix + "/alone")!.CreateRevision);
        Assert.Equal(together.Revision.Number, watch.Find(prefix + "/together")!.CreateRevision);
        await watch.UntilConvergedAsync(store, prefix);
    }

    [Fact]
    public async Task A_key_that_another_deleted_while_keys_below_it_stayed_is_as_old_as_its_next_set()
    {
        await using IConfigStore store = ZooKeeperStores.Open(fixture.Server);
        await using IConfigStore other = ZooKeeperStores.Open(fixture.Server);
        string key = fixture.NewPrefix() + "/p";
        await store.SetAsync(key, "v", cancellationToken: Stop);
        long known = Stopwatch.GetTimestamp();
        await other.SetAsync(key + "/below", "v", cancellationToken: Stop);
        await other.DeleteAsync(key, cancellationToken: Stop);

        // The store still takes it for the key that it set itself, for a moment.
        await Eventually.HoldsAsync(() => Stopwatch.GetElapsedTime(known) > TimeSpan.FromSeconds(1.1));
        WriteResult set = await store.SetAsync(key, "w", cancellationToken: Stop);

        Assert.Equal(set.Revision.Number, (await other.GetAsync(key, Stop))!.CreateRevision);
    }

    [Fact]
    public async Task A_node_of_another_tool_is_changed_by_its_revision_although_nothing_was_ever_counted_here()
    {
        await using ZooKeeperClient other = ZooKeeperClients.Open(fixture.Server);
        string root = $"foreign-{Guid.NewGuid():N}";
        await other.CreateAsync($"/{root}", null, cancellationToken: Stop);
        await other.CreateAsync($"/{root}/a", "v"u8.ToArray(), cancellationToken: Stop);
        await using IConfigStore store = ZooKeeperStores.Open(fixture.Server, options => options.Prefix = root);
        ConfigEntry entry = (await store.GetAsync("a", Stop))!;

        WriteResult stale = await store.SetAsync("a", "x", Condition.UnchangedSince(new Revision(entry.Revision.Number - 1)), cancellationToken: Stop);
        WriteResult set = await store.SetAsync("a", "w", Condition.UnchangedSince(entry.Revision), cancellationToken: Stop);
        WriteResult required = await store.CommitAsync(new Transaction().Require("none", Condition.Absent).Set("a", TestValues.Of("x")), Stop);

        Assert.Equal((false, true, true), (stale.Applied, set.Applied, required.Applied));
        Assert.Equal("x", await store.GetStringAsync("a", Stop));
    }
}
