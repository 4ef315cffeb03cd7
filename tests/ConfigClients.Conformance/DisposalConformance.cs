namespace ConfigClients.Conformance;

/// <summary>Disposal: never hangs, may come twice, and ends everything.</summary>
public abstract class DisposalConformance(StoreFixture fixture)
{
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_store_that_was_never_used_can_be_disposed()
    {
        IConfigStore store = await fixture.OpenAsync();

        Exception? failure = await Record.ExceptionAsync(async () => await store.DisposeAsync().AsTask().WaitAsync(Bound));

        Assert.Null(failure);
    }

    [Fact]
    public async Task A_store_can_be_disposed_twice_and_at_once()
    {
        IConfigStore store = await fixture.OpenAsync();
        await store.SetAsync(fixture.NewPrefix() + "/a", "x");

        await Task.WhenAll(store.DisposeAsync().AsTask(), store.DisposeAsync().AsTask()).WaitAsync(Bound);
        Exception? failure = await Record.ExceptionAsync(async () => await store.DisposeAsync().AsTask().WaitAsync(Bound));

        Assert.Null(failure);
    }

    [Fact]
    public async Task Every_verb_of_a_disposed_store_says_so()
    {
        IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        IStoreSession session = await store.OpenSessionAsync();
        await store.DisposeAsync();

        await AssertDisposedAsync(async () => await store.GetAsync(key));
        await AssertDisposedAsync(async () => await store.GetValueAsync(key));
        await AssertDisposedAsync(async () => await store.ListAsync(key));
        await AssertDisposedAsync(async () => await store.SetAsync(key, "x"));
        await AssertDisposedAsync(async () => await store.SetAsync(key, "x", session: session));
        await AssertDisposedAsync(async () => await store.DeleteAsync(key));
        await AssertDisposedAsync(async () => await store.CommitAsync(new Transaction().Delete(key)));
        await AssertDisposedAsync(async () => await store.WatchAsync(key).GetAsyncEnumerator().MoveNextAsync());
        await AssertDisposedAsync(async () => await store.OpenSessionAsync());
        await session.DisposeAsync().AsTask().WaitAsync(Bound);
    }

    [Fact]
    public async Task Calls_under_way_end_when_the_store_is_disposed()
    {
        IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        Task<Exception?>[] calls = [.. Enumerable.Range(0, 100).Select(i => Task.Run(() => Record.ExceptionAsync(async () => await CallAsync(store, $"{prefix}/{i}", i)).AsTask()))];

        await store.DisposeAsync().AsTask().WaitAsync(Bound);
        Exception?[] failures = await Task.WhenAll(calls).WaitAsync(Bound);

        Assert.All(failures, static failure => Assert.True(failure is null or ObjectDisposedException, $"{failure}"));
    }

    [Fact]
    public async Task Disposal_with_watches_and_sessions_open_does_not_hang()
    {
        IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        IStoreSession session = await store.OpenSessionAsync();
        await store.SetAsync(prefix + "/a", "x", session: session);

        await store.DisposeAsync().AsTask().WaitAsync(Bound);

        await Assert.ThrowsAsync<ObjectDisposedException>(() => watch.Completion.WaitAsync(Bound));
        await session.DisposeAsync().AsTask().WaitAsync(Bound);
        Assert.Equal(SessionState.Lost, session.State);
    }

    [Fact]
    public async Task A_store_may_be_disposed_from_within_a_watch()
    {
        IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();

        Task watching = WatchAsync();

        await Assert.ThrowsAsync<ObjectDisposedException>(() => watching.WaitAsync(Bound));

        async Task WatchAsync()
        {
            await foreach (WatchBatch _ in store.WatchAsync(prefix))
            {
                await store.DisposeAsync();
            }
        }
    }

    [Fact]
    public async Task Disposing_one_client_leaves_the_others_alone()
    {
        IConfigStore one = await fixture.OpenAsync();
        await using IConfigStore two = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await two.OpenSessionAsync();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(two, prefix);

        await one.SetAsync(prefix + "/a", "one");
        await one.DisposeAsync();
        await two.SetAsync(prefix + "/b", "two", session: session);

        await watch.UntilConvergedAsync(two, prefix);
        Assert.Equal((2, SessionState.Healthy), (watch.Values.Count, session.State));
    }

    private static async Task CallAsync(IConfigStore store, string key, int number)
    {
        switch (number % 4)
        {
            case 0:
                await store.SetAsync(key, "x");
                break;
            case 1:
                await store.GetAsync(key);
                break;
            case 2:
                await store.ListAsync(key);
                break;
            default:
                await store.CommitAsync(new Transaction().Set(key, TestValues.Of("x")));
                break;
        }
    }

    private static async Task AssertDisposedAsync(Func<Task> call) => await Assert.ThrowsAsync<ObjectDisposedException>(call);
}
