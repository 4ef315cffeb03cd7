using ConfigClients.Conformance;
using Etcdserverpb;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>However a watch stream ends, its watches go on at the revision after the last one that was told whole.</summary>
public sealed class EtcdWatchResumeTests
{
    [Theory]
    [InlineData("a normal end")]
    [InlineData("status cancelled")]
    [InlineData("status unavailable")]
    [InlineData("status unknown")]
    [InlineData("no status")]
    [InlineData("the watch cancelled")]
    [InlineData("a reset, ENHANCE_YOUR_CALM")]
    [InlineData("a reset, INTERNAL_ERROR")]
    [InlineData("a cut")]
    public async Task A_stream_that_ends_is_opened_again_and_nothing_is_missed(string how)
    {
        List<long> starts = [];
        TaskCompletionSource seen = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", async call =>
        {
            WatchCreateRequest asked = await call.AcceptWatchAsync(6 + server.Count("Watch"));
            starts.Add(asked.StartRevision);
            if (starts.Count == 1)
            {
                await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/a", "v", 8)));
                await call.HoldAsync(seen.Task);
                await EndAsync(server, call, how, asked.WatchId);
                asked = await call.AcceptWatchAsync(8);
                starts.Add(asked.StartRevision);
            }

            await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/b", "v", 9)));
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await watch.UntilAsync("p/a", "v");
        seen.SetResult();
        await watch.UntilAsync("p/b", "v");

        Assert.Equal([0, 9], starts);
        Assert.Equal(["p/a", "p/b"], watch.Values.Keys.Order(StringComparer.Ordinal));
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
        watch.AssertSound();
    }

    [Fact]
    public async Task Parts_without_an_end_are_told_again()
    {
        List<long> starts = [];
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", async call =>
        {
            WatchCreateRequest asked = await call.AcceptWatchAsync();
            starts.Add(asked.StartRevision);
            await call.SendAsync(EtcdMessages.Part(asked.WatchId, EtcdMessages.Put("p/a", "v", 8)));
            await call.SendAsync(EtcdMessages.Part(asked.WatchId, EtcdMessages.Put("p/b", "v", 8)));
            if (starts.Count == 1)
            {
                call.End();
                return;
            }

            await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/c", "v", 8)));
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await watch.UntilAsync("p/c", "v");

        Assert.Equal([0, 8], starts);
        Assert.Equal(["p/a", "p/b", "p/c"], Assert.Single(watch.Batches, static batch => batch.Changes.Count > 0).Changes.Select(static change => change.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_revision_that_was_compacted_is_a_gap_and_the_prefix_is_read_again(bool atOnce)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<RangeRequest>("Range", _ => server.Count("Watch") == 1 ? EtcdMessages.Rows(7) : EtcdMessages.Rows(30, EtcdMessages.Row("p/z", "v", 25)));
        server.On("Watch", async call =>
        {
            if (server.Count("Watch") == 1)
            {
                WatchCreateRequest first = await call.AcceptWatchAsync();
                await call.SendAsync(EtcdMessages.Told(first.WatchId, EtcdMessages.Put("p/a", "v", 8)));
                call.End();
                return;
            }

            WatchCreateRequest asked = await call.ReadWatchAsync();
            WatchResponse cancelled = EtcdMessages.Cancelled(atOnce ? -1 : asked.WatchId, compacted: 20);
            cancelled.Created = atOnce;
            if (!atOnce)
            {
                await call.SendAsync(EtcdMessages.Created(asked.WatchId, 8));
            }

            await call.SendAsync(cancelled);
            await call.AcceptWatchAsync(30);
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await watch.UntilAsync("p/z", "v");

        Assert.Contains("compacted", watch.Batches[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(["p/z"], watch.Values.Keys);
        watch.AssertSound();
    }

    [Theory]
    [InlineData(12, "went back from 50 to 12")]
    [InlineData(50, null)]
    public async Task A_store_that_lost_what_was_seen_is_a_gap_and_a_member_that_is_behind_is_none(long revision, string? reason)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<RangeRequest>("Range", _ => server.Count("Watch") == 1
            ? EtcdMessages.Rows(7, EtcdMessages.Row("p/a", "v", 7))
            : EtcdMessages.Rows(revision, EtcdMessages.Row("p/a", "v", 7)));
        server.On("Watch", async call =>
        {
            WatchCreateRequest asked = await call.AcceptWatchAsync(12);
            if (server.Count("Watch") == 1)
            {
                await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/b", "v", 50)));
                call.End();
                return;
            }

            if (reason is not null)
            {
                asked = await call.AcceptWatchAsync(12);
            }

            await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/c", "v", revision + 1)));
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await watch.UntilAsync("p/c", "v");

        Assert.Equal(reason is not null, watch.Batches.Any(batch => batch.Reason?.Contains(reason ?? "", StringComparison.Ordinal) == true && batch.Kind == WatchBatchKind.Snapshot));
        Assert.Equal(reason is null ? ["p/a", "p/b", "p/c"] : ["p/a", "p/c"], watch.Values.Keys.Order(StringComparer.Ordinal));
        watch.AssertSound();
    }

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
        FakeTimeProvider time = new();
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        List<long> starts = [];
        server.On("Watch", async call =>
        {
            starts.Add((await call.AcceptWatchAsync()).StartRevision);
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open(configure: builder => builder.UseTimeProvider(time));
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await AdvanceUntilAsync(time, () => server.Count("Watch") == 2);
        await watch.UntilAsync(static batches => batches[^1].Kind == WatchBatchKind.Changes);

        Assert.Equal([0, 8], starts);
        Assert.Equal([WatchBatchKind.Snapshot, WatchBatchKind.Stale, WatchBatchKind.Changes], watch.Batches.Select(static batch => batch.Kind));
    }

    [Fact]
    public async Task A_stream_that_was_open_long_enough_is_replaced_without_a_word()
    {
        FakeTimeProvider time = new();
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

        await AdvanceUntilAsync(time, () => server.Count("Watch") == 2);
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

    /// <summary>Lets time pass in small steps, as fast as the other side follows.</summary>
    private static Task AdvanceUntilAsync(FakeTimeProvider time, Func<bool> holds) => Eventually.HoldsAsync(() =>
    {
        if (holds())
        {
            return true;
        }

        time.Advance(TimeSpan.FromSeconds(0.5));
        return false;
    });

    private static async Task EndAsync(ScriptedEtcd server, ScriptedCall call, string how, long id)
    {
        switch (how)
        {
            case "a normal end":
                call.End();
                break;
            case "status cancelled":
                call.End(1, "etcdserver: watch canceled");
                break;
            case "status unavailable":
                call.End(14, "etcdserver: no leader");
                break;
            case "status unknown":
                call.End(2, "who knows");
                break;
            case "no status":
                break;
            case "the watch cancelled":
                await call.SendAsync(EtcdMessages.Cancelled(id, "etcdserver: mvcc: some reason"));
                return;
            default:
                await BadAnswers.GiveAsync(server, call, how, new WatchResponse());
                break;
        }

        throw new IOException("The stream is over.");
    }
}
