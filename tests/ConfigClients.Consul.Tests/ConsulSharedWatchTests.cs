using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>Watches that share a query each see their own part, whatever index the query stands at.</summary>
public sealed class ConsulSharedWatchTests(ConsulFixture fixture) : IClassFixture<ConsulFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_watch_of_an_empty_prefix_below_a_watched_one_misses_nothing()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/other", "v", cancellationToken: Stop);
        await using WatchRecorder parent = await WatchRecorder.StartAsync(store, prefix);

        // Raises the index of the whole store, which the listing of an empty prefix carries, above the parent's.
        await store.SetAsync(fixture.NewPrefix() + "/elsewhere", "v", cancellationToken: Stop);
        await using WatchRecorder child = await WatchRecorder.StartAsync(store, prefix + "/child");
        for (int i = 0; i < 10; i++)
        {
            await store.SetAsync(prefix + "/child/a", $"{i}", cancellationToken: Stop);
            await child.UntilAsync(prefix + "/child/a", $"{i}");
            await store.DeleteAsync(prefix + "/child/a", cancellationToken: Stop);
            await child.UntilAsync(prefix + "/child/a", null);
        }

        await parent.UntilConvergedAsync(store, prefix);
        child.AssertSound();
        Assert.DoesNotContain(child.Batches.Skip(1), static batch => batch.Kind != WatchBatchKind.Changes);
    }

    [Fact]
    public async Task A_hundred_watches_below_one_take_one_connection()
    {
        await using Conformance.Faults.FaultProxy proxy = Conformance.Faults.FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ConsulStores.Open(proxy.Endpoint, static options => options.MaxConnections = 4);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder parent = await WatchRecorder.StartAsync(store, prefix);
        WatchRecorder[] children = await Task.WhenAll(Enumerable.Range(0, 100).Select(i => WatchRecorder.StartAsync(store, $"{prefix}/{i}")));

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => store.SetAsync($"{prefix}/{i}/a", "v", cancellationToken: Stop).AsTask()));
        for (int i = 0; i < children.Length; i++)
        {
            await children[i].UntilAsync($"{prefix}/{i}/a", "v");
        }

        Assert.InRange(proxy.OpenConnections, 1, 6);
        await Task.WhenAll(children.Select(static child => child.DisposeAsync().AsTask()));
    }

    [Fact]
    public async Task A_child_goes_on_when_the_watch_it_shared_with_ends()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        WatchRecorder parent = await WatchRecorder.StartAsync(store, prefix);
        await using WatchRecorder child = await WatchRecorder.StartAsync(store, prefix + "/child");

        await parent.DisposeAsync();
        await store.SetAsync(prefix + "/child/a", "v", cancellationToken: Stop);

        await child.UntilAsync(prefix + "/child/a", "v");
        child.AssertSound();
    }

    [Fact]
    public async Task Stores_with_a_prefix_see_their_own_part_by_their_own_names()
    {
        string root = fixture.NewPrefix();
        await using IConfigStore outer = await fixture.OpenAsync();
        await using IConfigStore inner = fixture.Open(options => options.Prefix = root + "/in ner");
        await using WatchRecorder watch = await WatchRecorder.StartAsync(inner, "");

        await outer.SetAsync(root + "/in nerver", "outside", cancellationToken: Stop);
        await inner.CommitAsync(new Transaction().Set("a", TestValues.Of("v")).Set("é/b", TestValues.Of("w")), Stop);
        await watch.UntilConvergedAsync(inner, "");

        Assert.Equal(["a", "é/b"], (await inner.ListAsync("", Stop)).Entries.Select(static entry => entry.Key));
        Assert.Equal("v", await outer.GetStringAsync(root + "/in ner/a", Stop));
    }
}
