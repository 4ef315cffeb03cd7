using ConfigClients.Conformance.Faults;

namespace ConfigClients.Conformance.Outages;

/// <summary>F11, F12, F53: watches go on where they were, whatever became of the connection, and whatever their neighbours do.</summary>
public abstract class ResumeConformance(ServerFixture fixture)
{
    /// <summary>Ends with the test.</summary>
    protected static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>After how many bytes of a new connection's replies it is cut again: from before the first, over what each protocol says while a watch begins, to behind it.</summary>
    protected abstract IEnumerable<int> Cuts { get; }

    [Theory] // F11, F12
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task A_connection_cut_again_while_the_watch_is_being_restored_loses_nothing(CutKind kind)
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);
        await using IConfigStore direct = fixture.OpenDirect();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        int previous = -1;

        foreach (int bytes in Cuts)
        {
            proxy.ToClient.Hold();
            proxy.ResetAll();
            await direct.SetAsync($"{prefix}/{bytes}", new byte[200], cancellationToken: Stop);
            await direct.SetAsync($"{prefix}/{bytes}/a", new byte[200], cancellationToken: Stop);
            await direct.SetAsync($"{prefix}/{bytes}/b", new byte[200], cancellationToken: Stop);
            await direct.DeleteAsync($"{prefix}/{bytes}", cancellationToken: Stop);
            await direct.DeleteAsync($"{prefix}/{previous}/b", cancellationToken: Stop);
            previous = bytes;
            proxy.ToClient.CutAfter(bytes, kind);
            proxy.ToClient.Release();
            await watch.UntilConvergedAsync(direct, prefix);
        }

        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
    }

    [Fact] // F11
    public async Task A_watch_that_is_cut_while_much_is_written_misses_nothing()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Endpoint);
        await using IConfigStore store = fixture.OpenAt(proxy.Endpoint);
        await using IConfigStore direct = fixture.OpenDirect();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        Random random = new(7);

        for (int i = 0; i < 900; i++)
        {
            if (i % 60 == 0)
            {
                proxy.ToClient.CutAfter(random.Next(3000), CutKind.Reset);
            }

            await (i % 3 == 2
                ? direct.DeleteAsync($"{prefix}/{random.Next(20)}", cancellationToken: Stop)
                : direct.SetAsync($"{prefix}/{random.Next(20)}", $"{i}", cancellationToken: Stop));
        }

        await watch.UntilConvergedAsync(direct, prefix);

        Assert.Contains(watch.Batches, static batch => batch.Kind == WatchBatchKind.Stale);
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
    }

    [Fact] // F53
    public async Task A_consumer_that_is_stuck_holds_up_nobody_and_catches_up()
    {
        await using IConfigStore store = fixture.OpenDirect();
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);
        WatchConsumer consumer = new(prefix);
        await using IAsyncEnumerator<WatchBatch> stuck = store.WatchAsync(prefix, Stop).GetAsyncEnumerator(Stop);
        await stuck.MoveNextAsync();
        consumer.Take(stuck.Current);
        await using WatchRecorder other = await WatchRecorder.StartAsync(store, prefix);

        // More than any store keeps for one watch, in bytes and in messages.
        for (int i = 0; i < 80; i++)
        {
            await store.SetAsync($"{prefix}/{i % 4}", new byte[400_000], cancellationToken: Stop);
        }

        for (int i = 0; i < 1500; i++)
        {
            await store.SetAsync($"{prefix}/{i % 4}", $"{i}", cancellationToken: Stop);
        }

        await other.UntilConvergedAsync(store, prefix);
        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(7));
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(8));
        while (consumer.State.Count < 4 || consumer.State[prefix + "/3"].GetString() != "1499")
        {
            await stuck.MoveNextAsync().AsTask().WaitAsync(Eventually.Deadline, Stop);
            consumer.Take(stuck.Current);
        }

        Assert.Empty(consumer.Faults);
        Assert.Equal(["1496", "1497", "1498", "1499"], consumer.State.Values.Select(static entry => entry.GetString()).Order());
        Assert.DoesNotContain(other.Batches, static batch => batch.Kind == WatchBatchKind.Stale);
    }

    [Fact] // F53
    public async Task A_consumer_that_throws_ends_its_own_watch_only()
    {
        await using IConfigStore store = fixture.OpenDirect();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder other = await WatchRecorder.StartAsync(store, prefix);

        await Assert.ThrowsAsync<InvalidOperationException>(async () =>
        {
            await foreach (WatchBatch batch in store.WatchAsync(prefix, Stop))
            {
                throw new InvalidOperationException("by the consumer");
            }
        });
        await store.SetAsync(prefix + "/a", "v", cancellationToken: Stop);

        await other.UntilAsync(prefix + "/a", "v");
    }
}
