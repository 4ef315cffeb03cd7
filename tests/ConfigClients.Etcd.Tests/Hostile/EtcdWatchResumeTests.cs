using ConfigClients.Conformance;
using Etcdserverpb;

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
