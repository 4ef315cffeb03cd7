using ConfigClients.Adapters;
using ConfigClients.Conformance;
using ConfigClients.Etcd.Tests.Hostile;
using ConfigClients.Etcd.Wire;
using Mvccpb;

namespace ConfigClients.Etcd.Tests;

/// <summary>What one watch keeps for its consumer, and how far it says it is.</summary>
public sealed class EtcdSubscriptionTests
{
    private readonly EtcdSubscription _subscription = new(1, new EtcdKeys("root"));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_waits_comes_as_one_step_without_what_was_seen()
    {
        Tell(EtcdMessages.Put("root/a", "1", 7));
        Tell(EtcdMessages.Put("root/a", "2", 8), EtcdMessages.Deleted("root/b", 8));
        Tell(EtcdMessages.Put("root/a", "3", 9));
        _subscription.End(null);

        WatchStep step = Assert.Single(await StepsAsync(after: 7));

        Assert.Equal((WatchStepKind.Changes, 9L), (step.Kind, step.Revision));
        Assert.Equal([("a", "2"), ("b", null), ("a", "3")], step.Changes.Select(static change => (change.Key, change.Entry?.GetString())));
    }

    [Fact]
    public async Task Changes_of_other_keys_and_of_what_was_seen_are_progress()
    {
        Tell(EtcdMessages.Put("root/seen", "1", 7));
        Tell(EtcdMessages.Put("elsewhere/a", "1", 8), EtcdMessages.Put("root/no//key", "1", 9));
        _subscription.End(null);

        WatchStep step = Assert.Single(await StepsAsync(after: 7));

        Assert.Equal((WatchStepKind.Idle, 9L), (step.Kind, step.Revision));
    }

    [Fact]
    public async Task Parts_count_from_the_last_one_on()
    {
        Assert.True(_subscription.Take([EtcdMessages.Put("root/a", "1", 8)], isPart: true));
        _subscription.Progress(50);
        Assert.True(_subscription.Take([EtcdMessages.Put("root/b", "1", 8)], isPart: true));
        _subscription.End(null);

        Assert.Empty(await StepsAsync(after: 7));
    }

    [Fact]
    public async Task The_last_part_may_be_empty()
    {
        Assert.True(_subscription.Take([EtcdMessages.Put("root/a", "1", 8)], isPart: true));
        Assert.True(_subscription.Take([], isPart: false));
        _subscription.End(null);

        WatchStep step = Assert.Single(await StepsAsync(after: 7));

        Assert.Equal((8L, "a"), (step.Revision, Assert.Single(step.Changes).Key));
    }

    [Fact]
    public async Task Progress_is_said_only_to_who_has_nothing_to_read()
    {
        _subscription.Progress(8);
        _subscription.Progress(9);
        Tell(EtcdMessages.Put("root/a", "1", 10));
        _subscription.Progress(11);
        _subscription.End(null);

        WatchStep step = Assert.Single(await StepsAsync(after: 7));

        Assert.Equal((WatchStepKind.Changes, 10L), (step.Kind, step.Revision));
    }

    [Fact]
    public async Task Progress_never_goes_back()
    {
        _subscription.Progress(3);
        _subscription.End(null);

        Assert.Equal(7, Assert.Single(await StepsAsync(after: 7)).Revision);
    }

    [Fact]
    public async Task A_gap_is_the_last_word()
    {
        Tell(EtcdMessages.Put("root/a", "1", 8));
        _subscription.Gap("compacted");
        _subscription.Progress(9);

        WatchStep step = Assert.Single(await StepsAsync(after: 7));

        Assert.Equal((WatchStepKind.Gap, "compacted"), (step.Kind, step.Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_revision_below_the_one_before_is_a_gap(bool inOneMessage)
    {
        Event later = EtcdMessages.Put("root/a", "1", 9);
        Event earlier = EtcdMessages.Deleted("root/a", 8);

        Assert.False(inOneMessage ? _subscription.Take([later, earlier], false) : _subscription.Take([later], false) && _subscription.Take([earlier], false));

        Assert.Equal(WatchStepKind.Gap, Assert.Single(await StepsAsync(after: 7)).Kind);
    }

    [Fact]
    public async Task What_was_told_before_a_stream_broke_is_read_first()
    {
        StoreException failure = new(StoreError.Unavailable, "broken");
        Tell(EtcdMessages.Put("root/a", "1", 8));
        _subscription.End(failure);
        await using IAsyncEnumerator<WatchStep> steps = _subscription.ReadAsync(7, Stop).GetAsyncEnumerator(Stop);

        Assert.True(await steps.MoveNextAsync());
        Assert.Equal(8, steps.Current.Revision);
        Assert.Same(failure, await Assert.ThrowsAsync<StoreException>(() => steps.MoveNextAsync().AsTask()));
    }

    [Fact]
    public async Task Who_is_too_far_behind_is_cut_off_with_what_waits()
    {
        Event large = EtcdMessages.Put("root/a", new string('v', 3 * 1024 * 1024), 8);

        Assert.Equal([true, true, false], Enumerable.Range(0, 3).Select(_ => _subscription.Take([large], isPart: false)));
        _subscription.End(null);

        Assert.Equal(2, Assert.Single(await StepsAsync(after: 7)).Changes.Count);
    }

    [Fact]
    public async Task What_is_read_makes_room()
    {
        await using IAsyncEnumerator<WatchStep> steps = _subscription.ReadAsync(7, Stop).GetAsyncEnumerator(Stop);
        for (int i = 0; i < 20; i++)
        {
            Assert.True(_subscription.Take([EtcdMessages.Put("root/a", new string('v', 3 * 1024 * 1024), 8 + i)], isPart: false));
            Assert.True(await steps.MoveNextAsync());
        }

        Assert.Equal(27, steps.Current.Revision);
    }

    [Fact]
    public async Task More_than_is_held_is_taken_while_nothing_waits()
    {
        Assert.True(_subscription.Take([EtcdMessages.Put("root/a", new string('v', 20 * 1024 * 1024), 8)], isPart: false));
        _subscription.End(null);

        Assert.Equal(8, Assert.Single(await StepsAsync(after: 7)).Revision);
    }

    [Fact]
    public void Many_small_messages_count_too()
    {
        int taken = 0;
        while (_subscription.Take([EtcdMessages.Put("root/a", "", 8)], isPart: false))
        {
            taken++;
        }

        Assert.Equal(1024, taken);
    }

    [Fact]
    public async Task The_end_before_the_beginning_asks_who_waits_to_watch_anew()
    {
        _subscription.End(null);

        Assert.Null(await _subscription.Created.WaitAsync(Stop));
    }

    private void Tell(params Event[] changes) => Assert.True(_subscription.Take([.. changes], isPart: false));

    private async Task<List<WatchStep>> StepsAsync(long after)
    {
        List<WatchStep> steps = [];
        await foreach (WatchStep step in _subscription.ReadAsync(after, Stop))
        {
            steps.Add(step);
        }

        return steps;
    }
}
