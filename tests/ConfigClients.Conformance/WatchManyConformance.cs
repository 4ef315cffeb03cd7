namespace ConfigClients.Conformance;

/// <summary>P5 with many watches, and how a watch ends.</summary>
public abstract class WatchManyConformance(StoreFixture fixture)
{
    [Fact]
    public async Task Two_watches_of_one_prefix_both_see_everything()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder one = await WatchRecorder.StartAsync(store, prefix);
        await using WatchRecorder two = await WatchRecorder.StartAsync(store, prefix);

        await store.SetAsync(prefix + "/a", "1");
        await store.SetAsync(prefix + "/b", "2");

        await one.UntilConvergedAsync(store, prefix);
        await two.UntilConvergedAsync(store, prefix);
    }

    [Fact]
    public async Task Watches_of_a_prefix_and_of_its_parents_each_see_their_own_part()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder outer = await WatchRecorder.StartAsync(store, prefix);
        await using WatchRecorder middle = await WatchRecorder.StartAsync(store, prefix + "/a");
        await using WatchRecorder inner = await WatchRecorder.StartAsync(store, prefix + "/a/b");

        foreach (string key in (string[])["x", "a", "a/x", "a/b", "a/b/x", "a/b/c/x"])
        {
            await store.SetAsync($"{prefix}/{key}", key);
        }

        await store.DeleteAsync(prefix + "/a/b");
        await outer.UntilConvergedAsync(store, prefix);
        await middle.UntilConvergedAsync(store, prefix + "/a");
        await inner.UntilConvergedAsync(store, prefix + "/a/b");
        Assert.Equal((5, 3, 2), (outer.Values.Count, middle.Values.Count, inner.Values.Count));
    }

    [Fact]
    public async Task Ending_one_watch_leaves_the_others_running()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        List<WatchRecorder> watches = [];
        for (int i = 0; i < 8; i++)
        {
            watches.Add(await WatchRecorder.StartAsync(store, i < 4 ? prefix : prefix + "/a"));
        }

        await watches[0].DisposeAsync();
        await watches[5].DisposeAsync();
        int delivered = watches[0].Batches.Count;
        await store.SetAsync(prefix + "/a/b", "after");

        foreach (int i in (int[])[1, 2, 3, 4, 6, 7])
        {
            await watches[i].UntilAsync(prefix + "/a/b", "after");
            await watches[i].DisposeAsync();
        }

        Assert.Equal(delivered, watches[0].Batches.Count);
    }

    [Fact]
    public async Task A_watch_can_be_started_again_after_it_was_ended()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();

        for (int i = 0; i < 10; i++)
        {
            await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
            await store.SetAsync(prefix + "/a", $"{i}");
            await watch.UntilAsync(prefix + "/a", $"{i}");
        }

        Assert.Equal("9", await store.GetStringAsync(prefix + "/a"));
    }

    [Fact]
    public async Task Cancelling_ends_a_watch_with_an_operation_cancelled_exception()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        using CancellationTokenSource cancel = new();
        IAsyncEnumerator<WatchBatch> watch = store.WatchAsync(fixture.NewPrefix(), cancel.Token).GetAsyncEnumerator(CancellationToken.None);
        await watch.MoveNextAsync();

        Task<bool> next = watch.MoveNextAsync().AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Eventually.Deadline));
        await watch.DisposeAsync();
    }

    [Fact]
    public async Task A_token_given_to_the_enumerator_ends_the_watch_as_well()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        using CancellationTokenSource cancel = new();
        IAsyncEnumerator<WatchBatch> watch = store.WatchAsync(fixture.NewPrefix()).GetAsyncEnumerator(cancel.Token);
        await watch.MoveNextAsync();

        Task<bool> next = watch.MoveNextAsync().AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Eventually.Deadline));
        await watch.DisposeAsync();
    }

    [Fact]
    public async Task Disposing_the_store_ends_its_watches_with_an_object_disposed_exception()
    {
        IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        WatchRecorder[] watches = [await WatchRecorder.StartAsync(store, prefix), await WatchRecorder.StartAsync(store, prefix + "/a"), await WatchRecorder.StartAsync(store, "")];

        await store.DisposeAsync();

        foreach (WatchRecorder watch in watches)
        {
            await Assert.ThrowsAsync<ObjectDisposedException>(() => watch.Completion.WaitAsync(Eventually.Deadline));
        }
    }

    [Fact]
    public async Task A_consumer_may_leave_in_the_middle()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "one");

        await foreach (WatchBatch batch in store.WatchAsync(prefix))
        {
            Assert.Equal(WatchBatchKind.Snapshot, batch.Kind);
            break;
        }

        Assert.Equal("one", await store.GetStringAsync(prefix + "/a"));
    }
}
