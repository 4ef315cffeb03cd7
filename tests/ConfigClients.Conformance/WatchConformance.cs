namespace ConfigClients.Conformance;

/// <summary>P5: a snapshot first, then changes, and never anything but what is below the prefix.</summary>
public abstract class WatchConformance(StoreFixture fixture)
{
    [Fact]
    public async Task The_first_batch_is_a_snapshot_of_what_is_there()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/b/c", "two");
        await store.SetAsync(prefix + "/a", "one");

        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        WatchBatch first = watch.Batches[0];

        Assert.Equal((WatchBatchKind.Snapshot, null), (first.Kind, first.Reason));
        Assert.Equal([("/a", "one"), ("/b/c", "two")], first.Snapshot!.Entries.Select(entry => (entry.Key[prefix.Length..], entry.GetString())));
        Assert.Equal(first.Snapshot.Entries, first.Changes.Select(static change => change.Entry));
        watch.AssertSound();
    }

    [Fact]
    public async Task Sets_and_deletes_arrive_as_changes()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore other = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/gone", "old");
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        WriteResult created = await other.SetAsync(prefix + "/new", "one");
        await watch.UntilAsync(prefix + "/new", "one");
        ConfigEntry delivered = watch.Find(prefix + "/new")!;
        await other.SetAsync(prefix + "/new", "two");
        await watch.UntilAsync(prefix + "/new", "two");
        await other.DeleteAsync(prefix + "/gone");
        await watch.UntilAsync(prefix + "/gone", null);

        Assert.Equal((created.Revision, created.Revision.Number), (delivered.Revision, delivered.CreateRevision));
        Assert.All(watch.Batches.Skip(1), static batch => Assert.Equal(WatchBatchKind.Changes, batch.Kind));
        await watch.UntilConvergedAsync(other, prefix);
    }

    [Fact]
    public async Task A_prefix_with_nothing_below_starts_empty_and_sees_the_first_key()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix() + "/not/there/yet";
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        int atFirst = watch.Batches[0].Snapshot!.Entries.Count;

        await store.SetAsync(prefix + "/first/key", "here");
        await watch.UntilAsync(prefix + "/first/key", "here");

        Assert.Equal(0, atFirst);
        await watch.UntilConvergedAsync(store, prefix);
    }

    [Fact]
    public async Task A_prefix_that_was_emptied_sees_the_next_key()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix() + "/a/b";
        await store.SetAsync(prefix + "/only", "one");
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        for (int i = 0; i < 5; i++)
        {
            await store.DeleteAsync(prefix + "/only");
            await watch.UntilAsync(prefix + "/only", null);
            await store.SetAsync(prefix + "/only", $"{i}");
            await watch.UntilAsync(prefix + "/only", $"{i}");
        }

        await watch.UntilConvergedAsync(store, prefix);
    }

    [Fact]
    public async Task A_key_that_was_deleted_and_created_again_arrives_as_the_new_key()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "same");
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await store.DeleteAsync(prefix + "/a");
        await store.SetAsync(prefix + "/a", "same");
        ConfigEntry? entry = await store.GetAsync(prefix + "/a");
        await Eventually.HoldsAsync(() => watch.Find(prefix + "/a")?.CreateRevision == entry!.CreateRevision);

        await watch.UntilConvergedAsync(store, prefix);
    }

    [Fact]
    public async Task What_is_beside_the_prefix_is_not_delivered()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix + "/a");

        foreach (string key in (string[])["a", "ab", "a-b/c", "a0", "A/x", "b/a/x"])
        {
            await store.SetAsync($"{prefix}/{key}", "beside");
        }

        await store.DeleteAsync(prefix + "/a");
        await store.SetAsync(prefix + "/a/last", "below");
        await watch.UntilAsync(prefix + "/a/last", "below");

        Assert.Equal([prefix + "/a/last"], watch.Values.Keys);
        watch.AssertSound();
    }

    [Fact]
    public async Task Parents_without_a_value_are_not_delivered()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await store.SetAsync(prefix + "/a/b/c", "leaf");
        await watch.UntilAsync(prefix + "/a/b/c", "leaf");
        await store.SetAsync(prefix + "/a", "parent");
        await store.DeleteAsync(prefix + "/a");
        await store.DeleteAsync(prefix + "/a/b/c");
        await store.SetAsync(prefix + "/z", "end");
        await watch.UntilAsync(prefix + "/z", "end");

        await watch.UntilConvergedAsync(store, prefix);
        Assert.DoesNotContain(watch.Batches, batch => batch.Changes.Any(change => change.Key == prefix + "/a/b"));
    }

    [Fact]
    public async Task An_empty_value_is_not_a_delete()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "full");
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await store.SetAsync(prefix + "/a", ReadOnlyMemory<byte>.Empty);
        await watch.UntilAsync(prefix + "/a", "");

        await watch.UntilConvergedAsync(store, prefix);
    }

    [Fact]
    public async Task A_write_of_the_same_bytes_is_delivered_as_a_new_version()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "same");
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        WriteResult result = await store.SetAsync(prefix + "/a", "same");
        await Eventually.HoldsAsync(() => watch.Find(prefix + "/a")!.Revision == result.Revision);

        await watch.UntilConvergedAsync(store, prefix);
    }

    [Fact]
    public async Task The_whole_store_can_be_watched()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "");

        await store.SetAsync(key, "one");

        await watch.UntilAsync(key, "one");
    }

    [Theory]
    [MemberData(nameof(KeyShapeConformance.Shapes), MemberType = typeof(KeyShapeConformance))]
    public async Task A_key_of_any_allowed_shape_is_delivered(string name)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        await store.SetAsync($"{prefix}/{name}", name);
        await watch.UntilAsync($"{prefix}/{name}", name);
        await store.DeleteAsync($"{prefix}/{name}");
        await watch.UntilAsync($"{prefix}/{name}", null);

        watch.AssertSound();
    }
}
