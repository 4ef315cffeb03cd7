using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Events wait for a slow consumer, within a bound.</summary>
public sealed class ZooKeeperEventQueueTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_event_that_repeats_the_last_word_about_its_node_is_left_out()
    {
        ZooKeeperEventQueue queue = new("/w", 100);
        foreach (ZooKeeperEventKind kind in new[] { ZooKeeperEventKind.DataChanged, ZooKeeperEventKind.DataChanged, ZooKeeperEventKind.Deleted, ZooKeeperEventKind.Created, ZooKeeperEventKind.Deleted })
        {
            queue.Add(new ZooKeeperEvent(kind, "/w/a"));
        }

        IReadOnlyList<ZooKeeperEvent> events = await queue.ReadAsync(Stop);

        Assert.Equal(
            [ZooKeeperEventKind.DataChanged, ZooKeeperEventKind.Deleted, ZooKeeperEventKind.Created, ZooKeeperEventKind.Deleted],
            events.Select(static happened => happened.Kind));
    }

    [Fact]
    public async Task After_a_reading_the_same_event_counts_again()
    {
        ZooKeeperEventQueue queue = new("/w", 100);
        queue.Add(new ZooKeeperEvent(ZooKeeperEventKind.DataChanged, "/w"));
        await queue.ReadAsync(Stop);

        queue.Add(new ZooKeeperEvent(ZooKeeperEventKind.DataChanged, "/w"));

        Assert.Single(await queue.ReadAsync(Stop));
    }

    [Fact]
    public async Task Too_many_are_dropped_for_one_that_says_so()
    {
        ZooKeeperEventQueue queue = new("/w", 10);
        for (int i = 0; i < 11; i++)
        {
            queue.Add(new ZooKeeperEvent(ZooKeeperEventKind.Created, $"/w/{i}"));
        }

        IReadOnlyList<ZooKeeperEvent> events = await queue.ReadAsync(Stop);

        Assert.Equal(
            [new ZooKeeperEvent(ZooKeeperEventKind.Resync, "/w", ZooKeeperResyncReason.Overflow), new ZooKeeperEvent(ZooKeeperEventKind.Created, "/w/10")], events);
    }

    [Fact]
    public async Task A_reader_waits_and_a_cancelled_one_loses_nothing()
    {
        ZooKeeperEventQueue queue = new("/w", 10);
        using CancellationTokenSource cancel = new();
        Task<IReadOnlyList<ZooKeeperEvent>> cancelled = queue.ReadAsync(cancel.Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        Task<IReadOnlyList<ZooKeeperEvent>> waiting = queue.ReadAsync(Stop).AsTask();

        queue.Add(new ZooKeeperEvent(ZooKeeperEventKind.Created, "/w"));

        Assert.Single(await waiting);
    }

    [Fact]
    public async Task The_end_comes_behind_what_waits()
    {
        ZooKeeperEventQueue queue = new("/w", 10);
        queue.Add(new ZooKeeperEvent(ZooKeeperEventKind.Created, "/w"));

        queue.End(new ZooKeeperException(ZooKeeperError.Closed, "over"));

        Assert.Single(await queue.ReadAsync(Stop));
        Assert.Equal(ZooKeeperError.Closed, (await Assert.ThrowsAsync<ZooKeeperException>(() => queue.ReadAsync(Stop).AsTask())).Error);
    }
}
