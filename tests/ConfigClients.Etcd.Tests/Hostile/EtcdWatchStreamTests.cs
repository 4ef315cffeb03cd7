using ConfigClients.Conformance;
using ConfigClients.Etcd.Wire;
using Etcdserverpb;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Streams that nobody ends: silent, old, or faster than their consumer.</summary>
public sealed class EtcdWatchStreamTests
{
    /// <summary>How often a stream looks after itself.</summary>
    private static readonly TimeSpan Look = EtcdWatchStream.AskEvery / 5;

    [Fact]
    public async Task A_watch_that_never_begins_is_stale_and_tried_again()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", async call =>
        {
            if (server.Count("Watch") > 1)
            {
                await call.AcceptWatchAsync();
            }

            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open(TimeSpan.FromSeconds(1));
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        Assert.Equal([WatchBatchKind.Stale, WatchBatchKind.Snapshot], watch.Batches.Select(static batch => batch.Kind).Take(2));
    }

    [Fact]
    public async Task A_stream_that_falls_silent_is_given_up()
    {
        ObservedTime time = new();
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        List<long> starts = [];
        server.On("Watch", async call =>
        {
            starts.Add((await call.AcceptWatchAsync()).StartRevision);
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open(configure: builder => builder.UseTimeProvider(time));
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await time.PassAsync(EtcdWatchStream.MaxSilence, static wait => wait == Look);
        await watch.UntilAsync(static batches => batches[^1].Kind == WatchBatchKind.Stale);
        await time.PassAsync(TimeSpan.FromMilliseconds(250), static wait => wait.TotalMilliseconds is >= 125 and <= 250);
        await watch.UntilAsync(static batches => batches[^1].Kind == WatchBatchKind.Changes);

        Assert.Equal([0, 8], starts);
        Assert.Equal([WatchBatchKind.Snapshot, WatchBatchKind.Stale, WatchBatchKind.Changes], watch.Batches.Select(static batch => batch.Kind));
    }

    [Fact]
    public async Task A_stream_that_was_open_long_enough_is_replaced_without_a_word()
    {
        ObservedTime time = new();
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", async call =>
        {
            WatchCreateRequest asked = await call.AcceptWatchAsync();
            if (server.Count("Watch") == 2)
            {
                await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/a", "v", 8)));
            }

            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open(
            options: static options => options.MaxWatchAge = TimeSpan.FromSeconds(10), configure: builder => builder.UseTimeProvider(time));
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await time.PassAsync(EtcdWatchStream.AskEvery, static wait => wait == Look);
        await watch.UntilAsync("p/a", "v");

        Assert.Equal([WatchBatchKind.Snapshot, WatchBatchKind.Changes], watch.Batches.Select(static batch => batch.Kind));
    }

    [Fact]
    public async Task A_consumer_that_is_flooded_is_cut_off_and_goes_on_from_where_it_was()
    {
        string mebibyte = new('v', 1024 * 1024);
        TaskCompletionSource flooded = new(TaskCreationOptions.RunContinuationsAsynchronously);
        long resumedAt = 0;
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", async call =>
        {
            WatchCreateRequest asked = await call.AcceptWatchAsync();
            for (long revision = 8; revision < 28; revision++)
            {
                await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put($"p/{revision}", mebibyte, revision)));
            }

            // Cut off: the client says so before it asks for more.
            while ((await call.ReadAsync<WatchRequest>())!.RequestUnionCase != WatchRequest.RequestUnionOneofCase.CancelRequest)
            {
            }

            flooded.SetResult();
            asked = await call.AcceptWatchAsync(27);
            resumedAt = asked.StartRevision;
            for (long revision = resumedAt; revision < 29; revision++)
            {
                await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put($"p/{revision}", "small", revision)));
            }

            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        WatchConsumer consumer = new("p");
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        await using IAsyncEnumerator<WatchBatch> watch = store.WatchAsync("p", end.Token).GetAsyncEnumerator(end.Token);
        await watch.MoveNextAsync();
        consumer.Take(watch.Current);

        await flooded.Task.WaitAsync(Eventually.Deadline, end.Token);
        end.CancelAfter(Eventually.Deadline);
        while (!consumer.State.ContainsKey("p/28"))
        {
            Assert.True(await watch.MoveNextAsync());
            consumer.Take(watch.Current);
        }

        Assert.Empty(consumer.Faults);
        Assert.Equal(21, consumer.State.Count);
        Assert.InRange(resumedAt, 9, 20);
    }
}
