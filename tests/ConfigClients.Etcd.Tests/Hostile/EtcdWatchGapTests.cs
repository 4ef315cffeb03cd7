using ConfigClients.Conformance;
using Etcdserverpb;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Where changes may be missing, the prefix is read again, and the watch says why.</summary>
public sealed class EtcdWatchGapTests
{
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
    public async Task Revisions_that_go_back_are_a_gap()
    {
        int read = 0;
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<RangeRequest>("Range", _ => Interlocked.Increment(ref read) == 1
            ? EtcdMessages.Rows(7)
            : EtcdMessages.Rows(10, EtcdMessages.Row("p/a", "v", 10), EtcdMessages.Row("p/b", "v", 9)));
        server.On("Watch", async call =>
        {
            WatchCreateRequest asked = await call.AcceptWatchAsync();
            await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/a", "v", 10)));
            await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/b", "v", 9)));
            await call.AcceptWatchAsync(10);
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await watch.UntilAsync("p/b", "v");

        Assert.Contains("9 after 10", watch.Batches[^1].Reason, StringComparison.Ordinal);
        Assert.Equal(["p/a", "p/b"], watch.Values.Keys.Order(StringComparer.Ordinal));
        watch.AssertSound();
    }

    [Fact]
    public async Task Parts_that_never_end_are_a_gap_and_not_kept_without_bound()
    {
        string mebibyte = new('v', 1024 * 1024);
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", async call =>
        {
            WatchCreateRequest asked = await call.AcceptWatchAsync();
            WatchResponse part = EtcdMessages.Part(asked.WatchId, EtcdMessages.Put("p/a", mebibyte, 8));
            for (int i = 0; i < 70; i++)
            {
                await call.SendAsync(part);
            }

            await call.AcceptWatchAsync();
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await watch.UntilAsync(static batches => batches.Count(static batch => batch.Kind == WatchBatchKind.Snapshot) == 2);

        Assert.Contains("64 MiB", watch.Batches[^1].Reason, StringComparison.Ordinal);
        Assert.Empty(watch.Values);
    }
}
