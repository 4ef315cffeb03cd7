using ConfigClients.Conformance;
using Etcdserverpb;
using Mvccpb;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Watch streams that lie or break: nothing foreign gets in, and what cannot be trusted is a gap or a typed error.</summary>
public sealed class EtcdHostileWatchTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("created twice", StoreError.ProtocolViolation)]
    [InlineData("created under another number", StoreError.ProtocolViolation)]
    [InlineData("created without a header", StoreError.ProtocolViolation)]
    [InlineData("a change without a key", StoreError.ProtocolViolation)]
    [InlineData("a put without a revision", StoreError.ProtocolViolation)]
    [InlineData("progress without a header", StoreError.ProtocolViolation)]
    [InlineData("garbage", StoreError.ProtocolViolation)]
    [InlineData("a torn message", StoreError.ProtocolViolation)]
    [InlineData("a message with an unknown flag", StoreError.ProtocolViolation)]
    [InlineData("a message of 4 GiB", StoreError.ProtocolViolation)]
    [InlineData("a message of 65 MiB", StoreError.TooLarge)]
    [InlineData("permission denied", StoreError.Denied)]
    [InlineData("status permission denied", StoreError.Denied)]
    [InlineData("status unimplemented", StoreError.Unsupported)]
    public async Task What_cannot_be_gone_on_with_ends_the_watch(string what, StoreError expected)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", async call =>
        {
            WatchCreateRequest asked = await call.ReadWatchAsync();
            await SpoilAsync(server, call, what, asked.WatchId);
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = WatchRecorder.Start(store, "p");

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => watch.Completion.WaitAsync(Eventually.Deadline, Stop));

        Assert.Equal(expected, failure.Error);
        Assert.Equal(1, server.Count("Watch"));
    }

    [Fact]
    public async Task HTML_ends_a_watch_before_it_begins()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", call => BadAnswers.GiveAsync(server, call, "HTML with 200", new WatchResponse()));
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = WatchRecorder.Start(store, "p");

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => watch.Completion.WaitAsync(Eventually.Deadline, Stop));

        Assert.Equal(StoreError.ProtocolViolation, failure.Error);
        Assert.Empty(watch.Batches);
    }

    [Fact]
    public async Task Nothing_foreign_gets_into_a_watch()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", async call =>
        {
            WatchCreateRequest asked = await call.AcceptWatchAsync();
            await call.SendAsync(EtcdMessages.Told(99, EtcdMessages.Put("p/of-another-watch", "x", 8)));
            await call.SendAsync(EtcdMessages.Cancelled(99, "no such watch"));
            await call.SendAsync(EtcdMessages.Cancelled(-1, "nobody"));
            await call.SendAsync(EtcdMessages.Told(
                asked.WatchId,
                EtcdMessages.Put("q/outside", "x", 8),
                EtcdMessages.Put("pq/longer", "x", 8),
                EtcdMessages.Put("p", "the prefix itself", 8),
                EtcdMessages.Put("p/", "no key", 8),
                EtcdMessages.Put("p//b", "no key", 8),
                EtcdMessages.Deleted("p/never-there", 8)));
            await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/own", "v", 9)));
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await watch.UntilAsync("p/own", "v");

        Assert.Equal(["p/own"], watch.Values.Keys);
        watch.AssertSound();
    }

    [Fact]
    public async Task What_is_told_twice_is_delivered_once()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", async call =>
        {
            WatchCreateRequest asked = await call.AcceptWatchAsync();
            await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/a", "v", 8)));
            await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/a", "v", 8)));
            await call.SendAsync(EtcdMessages.Told(asked.WatchId, EtcdMessages.Put("p/end", "v", 9)));
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await watch.UntilAsync("p/end", "v");

        Assert.Single(watch.Batches.SelectMany(static batch => batch.Changes), static change => change.Key == "p/a");
        watch.AssertSound();
    }

    [Fact]
    public async Task A_watch_that_is_refused_leaves_the_others_alone()
    {
        TaskCompletionSource refused = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Watch", async call =>
        {
            WatchCreateRequest first = await call.AcceptWatchAsync();
            await call.ReadWatchAsync();
            await call.SendAsync(Refusal("rpc error: code = PermissionDenied desc = etcdserver: permission denied"));
            await call.HoldAsync(refused.Task);
            await call.SendAsync(EtcdMessages.Told(first.WatchId, EtcdMessages.Put("p/a", "v", 8)));
            await call.HoldAsync();
        });
        await using IConfigStore store = server.Open();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        await using WatchRecorder other = WatchRecorder.Start(store, "secret");

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => other.Completion.WaitAsync(Eventually.Deadline, Stop));
        refused.SetResult();
        await watch.UntilAsync("p/a", "v");

        Assert.Equal((StoreError.Denied, 1), (failure.Error, server.Count("Watch")));
    }

    private static WatchResponse Refusal(string reason)
    {
        WatchResponse refusal = EtcdMessages.Cancelled(-1, reason);
        refusal.Created = true;
        return refusal;
    }

    private static async Task SpoilAsync(ScriptedEtcd server, ScriptedCall call, string what, long id)
    {
        switch (what)
        {
            case "created twice":
                await call.SendAsync(EtcdMessages.Created(id));
                await call.SendAsync(EtcdMessages.Created(id));
                break;
            case "created under another number":
                await call.SendAsync(EtcdMessages.Created(id + 1));
                break;
            case "created without a header":
                await call.SendAsync(new WatchResponse { WatchId = id, Created = true });
                break;
            case "a change without a key":
                await call.SendAsync(EtcdMessages.Created(id));
                await call.SendAsync(new WatchResponse { Header = EtcdMessages.Header(8), WatchId = id, Events = { new Event() } });
                break;
            case "a put without a revision":
                await call.SendAsync(EtcdMessages.Created(id));
                await call.SendAsync(EtcdMessages.Told(id, EtcdMessages.Put("p/a", "v", 0)));
                break;
            case "progress without a header":
                await call.SendAsync(EtcdMessages.Created(id));
                await call.SendAsync(new WatchResponse { WatchId = -1 });
                break;
            case "permission denied":
                await call.SendAsync(Refusal("rpc error: code = PermissionDenied desc = etcdserver: permission denied"));
                break;
            case "status permission denied":
                call.End(7, "etcdserver: permission denied");
                throw new IOException();
            case "status unimplemented":
                call.End(12, "unknown service etcdserverpb.Watch");
                throw new IOException();
            default:
                await call.SendAsync(EtcdMessages.Created(id));
                await BadAnswers.GiveAsync(server, call, what, EtcdMessages.Told(id, EtcdMessages.Put("p/a", "v", 8)));
                throw new IOException();
        }
    }
}
