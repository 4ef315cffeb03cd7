using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Etcd.Tests;

/// <summary>Watches go on where they were, whatever became of the stream, and whatever their neighbours do.</summary>
public sealed class EtcdResumeTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory] // F11, F12
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task Two_disconnects_in_a_row_before_the_backlog_arrives_lose_nothing(CutKind kind)
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        // From before the first frame of the new stream, over "created" and the backlog, to behind it.
        for (int bytes = 0; bytes < 1000; bytes += 70)
        {
            proxy.ToClient.Hold();
            proxy.ResetAll();
            await direct.SetAsync($"{prefix}/{bytes}", new byte[200], cancellationToken: Stop);
            await direct.SetAsync($"{prefix}/{bytes}/b", new byte[200], cancellationToken: Stop);
            await direct.DeleteAsync($"{prefix}/{bytes - 70}/b", cancellationToken: Stop);
            proxy.ToClient.CutAfter(bytes, kind);
            proxy.ToClient.Release();
            await watch.UntilConvergedAsync(direct, prefix);
        }

        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
    }

    [Fact] // F11
    public async Task A_watch_that_is_cut_while_much_is_written_misses_nothing()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        Random random = new(7);

        for (int i = 0; i < 600; i++)
        {
            if (i % 40 == 0)
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

    [Fact]
    public async Task A_watch_that_comes_back_to_more_than_it_may_hold_takes_it_in_portions()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        proxy.Refuse();
        proxy.ResetAll();

        for (int i = 0; i < 60; i++)
        {
            await direct.SetAsync($"{prefix}/{i}", TestValues.OfSize(400_000 + i), cancellationToken: Stop);
        }

        proxy.Listen();
        await watch.UntilConvergedAsync(direct, prefix);

        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
        Assert.InRange(watch.Batches.Count(static batch => batch.Kind == WatchBatchKind.Changes), 2, 60);
    }

    [Fact]
    public async Task Two_hundred_watches_can_begin_at_once()
    {
        await using IConfigStore store = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        WatchRecorder[] watches = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => WatchRecorder.StartAsync(store, $"{prefix}/{i % 50}")));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(i => store.SetAsync($"{prefix}/{i}/a", "v", cancellationToken: Stop).AsTask()));

        for (int i = 0; i < watches.Length; i++)
        {
            await watches[i].UntilAsync($"{prefix}/{i % 50}/a", "v");
            Assert.DoesNotContain(watches[i].Batches, static batch => batch.Kind == WatchBatchKind.Stale);
            await watches[i].DisposeAsync();
        }
    }

    [Fact]
    public async Task The_watch_that_opened_the_stream_may_be_cancelled_and_the_others_go_on()
    {
        await using IConfigStore store = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        WatchRecorder first = await WatchRecorder.StartAsync(store, prefix);
        await using WatchRecorder second = await WatchRecorder.StartAsync(store, prefix);
        await using WatchRecorder third = await WatchRecorder.StartAsync(store, prefix + "/a");

        await first.DisposeAsync();
        await store.SetAsync(prefix + "/a/b", "v", cancellationToken: Stop);
        await second.UntilAsync(prefix + "/a/b", "v");
        await third.UntilAsync(prefix + "/a/b", "v");
        await using WatchRecorder fourth = await WatchRecorder.StartAsync(store, prefix);
        await store.SetAsync(prefix + "/a/b", "w", cancellationToken: Stop);

        await fourth.UntilAsync(prefix + "/a/b", "w");
        await third.UntilAsync(prefix + "/a/b", "w");
        Assert.DoesNotContain(second.Batches, static batch => batch.Kind == WatchBatchKind.Stale);
    }

    [Fact]
    public async Task A_stream_that_was_open_long_enough_is_replaced_without_a_word()
    {
        CapturedLog log = new();
        await using IConfigStore store = fixture.Open(static options => options.MaxWatchAge = TimeSpan.FromSeconds(10), builder => builder.UseLoggerFactory(log));
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder one = await WatchRecorder.StartAsync(store, prefix);
        await using WatchRecorder two = await WatchRecorder.StartAsync(store, prefix + "/a");

        int writes = 0;
        await Eventually.ReadAsync(
            async () =>
            {
                await direct.SetAsync($"{prefix}/a/{writes++ % 100}", $"{writes}", cancellationToken: Stop);
                return log.Lines.Any(static line => line.Contains("it was open long enough", StringComparison.Ordinal));
            },
            static replaced => replaced,
            TimeSpan.FromSeconds(15));
        for (int i = 0; i < 100; i++)
        {
            await direct.SetAsync($"{prefix}/a/{i}", "last", cancellationToken: Stop);
        }

        await one.UntilConvergedAsync(direct, prefix);
        await two.UntilConvergedAsync(direct, prefix + "/a");
        Assert.All(one.Batches.Concat(two.Batches), static batch => Assert.NotEqual(WatchBatchKind.Stale, batch.Kind));
        Assert.Single(one.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
    }

    [Fact] // F53
    public async Task A_consumer_that_is_stuck_holds_up_nobody_and_catches_up()
    {
        await using IConfigStore store = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);
        WatchConsumer consumer = new(prefix);
        await using IAsyncEnumerator<WatchBatch> stuck = store.WatchAsync(prefix, Stop).GetAsyncEnumerator(Stop);
        await stuck.MoveNextAsync();
        consumer.Take(stuck.Current);
        await using WatchRecorder other = await WatchRecorder.StartAsync(store, prefix);

        // Four times what one watch may hold, and more messages than it may.
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
        await using IConfigStore store = fixture.Open(null);
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
