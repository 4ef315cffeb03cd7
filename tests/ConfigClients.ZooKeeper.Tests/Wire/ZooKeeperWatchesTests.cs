using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>One watch at the server for all subscriptions of a path, and every event to whom it concerns.</summary>
public sealed class ZooKeeperWatchesTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Subscriptions_of_one_path_share_a_watch_and_the_last_one_takes_it_away()
    {
        using Bench bench = new();
        (ZooKeeperSubscription first, _) = await SubscribeAsync(bench, "/w", ZooKeeperWatchMode.Node);

        ZooKeeperSubscription second = await bench.Watches.SubscribeAsync("/w", ZooKeeperWatchMode.Node, null, Stop);
        int asked = bench.SentFrames().Count;
        await first.DisposeAsync();
        int afterFirst = bench.SentFrames().Count;
        await second.DisposeAsync();

        Assert.Equal((0, 0), (asked, afterFirst));
        Assert.Equal(Hex.Plain("00000002 00000012 00000002 2f77 00000003"), Hex.Text(Assert.Single(bench.SentFrames())));
        Assert.Empty(bench.Watches.Armed());
    }

    [Fact]
    public async Task One_path_never_has_two_modes_at_the_server()
    {
        using Bench bench = new();
        (_, List<ZooKeeperEvent> node) = await SubscribeAsync(bench, "/w", ZooKeeperWatchMode.Node);
        (_, List<ZooKeeperEvent> recursive) = await SubscribeAsync(bench, "/w", ZooKeeperWatchMode.Recursive, xid: 2);

        (string, ZooKeeperWatchMode) armed = Assert.Single(bench.Watches.Armed());
        bench.Watches.Dispatch(ZooKeeperEventKind.Created, "/w/a");
        bench.Watches.Dispatch(ZooKeeperEventKind.DataChanged, "/w/a");
        bench.Watches.Dispatch(ZooKeeperEventKind.Created, "/w/a/b");

        // The narrower subscription still hears of the children, as if its own watch were there.
        Assert.Equal(("/w", ZooKeeperWatchMode.Recursive), armed);
        Assert.Equal([new ZooKeeperEvent(ZooKeeperEventKind.ChildrenChanged, "/w")], node);
        Assert.Equal(
            [new ZooKeeperEvent(ZooKeeperEventKind.Created, "/w/a"), new ZooKeeperEvent(ZooKeeperEventKind.DataChanged, "/w/a"), new ZooKeeperEvent(ZooKeeperEventKind.Created, "/w/a/b")],
            recursive);
    }

    [Fact]
    public async Task An_event_goes_to_its_own_path_and_to_all_recursive_ones_above()
    {
        using Bench bench = new();
        (_, List<ZooKeeperEvent> root) = await SubscribeAsync(bench, "/", ZooKeeperWatchMode.Recursive, xid: 1);
        (_, List<ZooKeeperEvent> above) = await SubscribeAsync(bench, "/w", ZooKeeperWatchMode.Recursive, xid: 2);
        (_, List<ZooKeeperEvent> own) = await SubscribeAsync(bench, "/w/a", ZooKeeperWatchMode.Node, xid: 3);
        (_, List<ZooKeeperEvent> other) = await SubscribeAsync(bench, "/w/ab", ZooKeeperWatchMode.Recursive, xid: 4);

        bench.Watches.Dispatch(ZooKeeperEventKind.DataChanged, "/w/a");
        bench.Watches.Dispatch(ZooKeeperEventKind.ChildrenChanged, "/w/a");

        ZooKeeperEvent changed = new(ZooKeeperEventKind.DataChanged, "/w/a");
        Assert.Equal([changed], root);
        Assert.Equal([changed], above);
        Assert.Equal([changed, new ZooKeeperEvent(ZooKeeperEventKind.ChildrenChanged, "/w/a")], own);
        Assert.Empty(other);
    }

    [Fact]
    public async Task An_observer_that_throws_costs_nobody_else_an_event()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperSubscription> first = bench.Watches.SubscribeAsync("/w", ZooKeeperWatchMode.Node, static _ => throw new InvalidOperationException(), Stop);
        bench.SentFrames();
        bench.Answer(Hex.Bytes("00000001 0000000000000044 00000000 00000000"));
        await first;
        List<ZooKeeperEvent> events = [];
        await bench.Watches.SubscribeAsync("/w", ZooKeeperWatchMode.Node, events.Add, Stop);

        bench.Watches.Dispatch(ZooKeeperEventKind.Created, "/w");

        Assert.Single(events);
    }

    [Fact]
    public async Task A_watch_whose_answer_got_lost_is_asked_for_again()
    {
        using Bench bench = new();
        Task<ZooKeeperSubscription> subscribing = bench.Watches.SubscribeAsync("/w", ZooKeeperWatchMode.Node, null, Stop).AsTask();
        bench.SentFrames();
        ZooKeeperRequest lost = bench.Pipeline.TakeAnswered(1);

        lost.Lose(new IOException("gone"));
        lost.ReleaseByWire();
        await UntilAsync(() => bench.Outbox.Waiting.Count == 1);
        bench.SentFrames();
        bench.Answer(Hex.Bytes("00000002 0000000000000044 00000000 00000000"));

        Assert.Equal("/w", (await subscribing).Path);
        Assert.Single(bench.Watches.Armed());
    }

    [Fact]
    public async Task A_refused_watch_leaves_nothing_that_a_reconnect_would_arm()
    {
        using Bench bench = new();
        Task<ZooKeeperSubscription> subscribing = bench.Watches.SubscribeAsync("/w", ZooKeeperWatchMode.Node, null, Stop).AsTask();
        bench.SentFrames();

        bench.Answer(ZooKeeperPipelineTests.Error(1, ZooKeeperError.Unimplemented));

        Assert.Equal(ZooKeeperError.Unimplemented, (await Assert.ThrowsAsync<ZooKeeperException>(() => subscribing)).Error);
        Assert.Empty(bench.Watches.Armed());
    }

    [Fact]
    public async Task What_concerns_the_connection_goes_to_every_subscription_under_its_own_path()
    {
        using Bench bench = new();
        (_, List<ZooKeeperEvent> events) = await SubscribeAsync(bench, "/w", ZooKeeperWatchMode.Node);

        bench.Watches.Announce(ZooKeeperEventKind.Disconnected);
        bench.Watches.Announce(ZooKeeperEventKind.Resync, ZooKeeperResyncReason.Reconnected);

        Assert.Equal(
            [new ZooKeeperEvent(ZooKeeperEventKind.Disconnected, "/w"), new ZooKeeperEvent(ZooKeeperEventKind.Resync, "/w", ZooKeeperResyncReason.Reconnected)], events);
    }

    private static async Task<(ZooKeeperSubscription Subscription, List<ZooKeeperEvent> Events)> SubscribeAsync(Bench bench, string path, ZooKeeperWatchMode mode, int xid = 1)
    {
        List<ZooKeeperEvent> events = [];
        ValueTask<ZooKeeperSubscription> subscribing = bench.Watches.SubscribeAsync(path, mode, events.Add, Stop);
        Assert.Single(bench.SentFrames());
        bench.Answer(Hex.Bytes($"{xid:x8} 0000000000000044 00000000 00000000"));
        return (await subscribing, events);
    }

    private static async Task UntilAsync(Func<bool> holds) => await ConfigClients.Conformance.Eventually.HoldsAsync(holds);
}
