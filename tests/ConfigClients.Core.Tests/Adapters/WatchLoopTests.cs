using ConfigClients.Adapters;
using ConfigClients.Conformance;
using ConfigClients.Core.Tests.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class WatchLoopTests
{
    private static readonly StoreException Cut = new(StoreError.Unavailable, "cut");

    private readonly HastyTimeProvider _time = new();

    [Fact]
    public async Task An_outage_is_announced_once_and_ended_by_an_empty_batch()
    {
        ScriptedSource source = new ScriptedSource().Act(Cut).Act(Cut).Act().Act(WatchStep.Idle(1), WatchStep.Idle(1));

        IReadOnlyList<WatchBatch> batches = await RunAsync(source);

        Assert.Equal([WatchBatchKind.Snapshot, WatchBatchKind.Stale, WatchBatchKind.Changes, WatchBatchKind.Stale], batches.Take(4).Select(static batch => batch.Kind));
        Assert.Equal(("cut", 0), (batches[1].Reason, batches[2].Changes.Count));
    }

    [Fact]
    public async Task A_store_that_is_down_at_the_start_shows_as_stale_then_as_the_first_snapshot()
    {
        ScriptedSource source = new ScriptedSource().FailReads(Cut, Cut, Cut);

        IReadOnlyList<WatchBatch> batches = await RunAsync(source);

        Assert.Equal([(WatchBatchKind.Stale, "cut"), (WatchBatchKind.Snapshot, null)], batches.Select(static batch => (batch.Kind, batch.Reason)));
    }

    [Fact]
    public async Task A_cut_is_followed_from_the_revision_reached()
    {
        ScriptedSource source = new ScriptedSource().Act(Changes(5, "a"), Cut).Act(WatchStep.Idle(9), Cut).Act(Cut);

        await RunAsync(source);

        Assert.Equal([1, 5, 9, 9], source.Follows);
        Assert.Equal(1, source.Reads);
    }

    [Fact]
    public async Task A_gap_is_read_again_and_says_why_and_what_was_missed()
    {
        ScriptedSource source = new();
        Action meanwhile = () => source.State = new ConfigSnapshot(StoreSimulation.Prefix, [Entry("b", 6), Entry("c", 7)], 8);
        source.Act(Changes(5, "a"), Changes(6, "b"), meanwhile, WatchStep.Gap("compacted"));

        WatchBatch again = (await RunAsync(source))[^1];

        Assert.Equal((WatchBatchKind.Snapshot, "compacted", 8L), (again.Kind, again.Reason, again.Revision));
        Assert.Equal([("p/a", true), ("p/c", false)], again.Changes.Select(static change => (change.Key, change.IsDelete)));
    }

    [Fact]
    public async Task A_revision_that_goes_back_is_a_gap()
    {
        ScriptedSource source = new();
        source.State = new ConfigSnapshot(StoreSimulation.Prefix, [Entry("a", 50)], 50);
        source.Act(WatchStep.FromState(new ConfigSnapshot(StoreSimulation.Prefix, [], 20)));

        IReadOnlyList<WatchBatch> batches = await RunAsync(source);

        Assert.Equal("the store's revision went back from 50 to 20", batches[1].Reason);
    }

    [Fact]
    public async Task Gap_after_gap_is_read_with_pauses_but_the_first_at_once()
    {
        ScriptedSource calm = new ScriptedSource().Act(Changes(2, "a"), WatchStep.Gap("once"));
        ScriptedSource mad = new();
        for (int i = 0; i < 100; i++)
        {
            mad.Act(WatchStep.Gap("again"));
        }

        await RunAsync(calm);
        TimeSpan calmly = _time.Waited;
        await RunAsync(mad);

        Assert.Equal(TimeSpan.Zero, calmly);
        Assert.True(_time.Waited > TimeSpan.FromMinutes(3), $"{_time.Waited}");
    }

    [Fact]
    public async Task What_is_not_transient_ends_the_watch()
    {
        StoreException denied = new(StoreError.Denied, "not for you");

        StoreException onRead = await Assert.ThrowsAsync<StoreException>(() => CollectAsync(new ScriptedSource().FailReads(denied)));
        StoreException onFollow = await Assert.ThrowsAsync<StoreException>(() => CollectAsync(new ScriptedSource().Act(denied)));

        Assert.Equal((StoreError.Denied, StoreError.Denied), (onRead.Error, onFollow.Error));
    }

    [Fact]
    public async Task A_source_that_says_nothing_for_too_long_is_followed_anew()
    {
        // Short enough for the hasty clock to be over at once.
        ScriptedSource source = new ScriptedSource { MaxSilence = TimeSpan.FromSeconds(30) }.Act("silence").Act("silence");

        IReadOnlyList<WatchBatch> batches = await RunAsync(source);

        Assert.Equal([WatchBatchKind.Snapshot, WatchBatchKind.Stale], batches.Select(static batch => batch.Kind));
        Assert.Contains("no sign of life for 30 s", batches[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_is_read_ahead_of_the_consumer()
    {
        ScriptedSource source = new ScriptedSource().Act(Changes(2, "a"), Changes(3, "b"));
        await using IAsyncEnumerator<WatchBatch> batches = Loop(source).RunAsync(TestContext.Current.CancellationToken).GetAsyncEnumerator(TestContext.Current.CancellationToken);

        await batches.MoveNextAsync();

        Assert.Equal((1, 0), (source.Reads, source.Follows.Count));
    }

    [Fact]
    public async Task Cancelling_ends_a_watch_that_waits()
    {
        using CancellationTokenSource cancel = new();
        await using IAsyncEnumerator<WatchBatch> batches = Loop(new ScriptedSource().Act("silence")).RunAsync(cancel.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        await batches.MoveNextAsync();

        Task<bool> next = batches.MoveNextAsync().AsTask();
        await cancel.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken));
    }

    private static ConfigEntry Entry(string name, long revision) => new($"{StoreSimulation.Prefix}/{name}", TestValues.Of(name), new Revision(revision), revision);

    private static WatchStep Changes(long revision, string name) =>
        WatchStep.FromChanges([new ConfigChange($"{StoreSimulation.Prefix}/{name}", Entry(name, revision))], revision);

    private WatchLoop Loop(IWatchSource source) => new(source, "simulated", StoreSimulation.Prefix, _time, NullLogger.Instance, new Random(1));

    private async Task<IReadOnlyList<WatchBatch>> RunAsync(IWatchSource source)
    {
        List<WatchBatch> batches = [];
        await Assert.ThrowsAsync<EndOfScheduleException>(() => CollectAsync(source, batches));
        return batches;
    }

    private async Task CollectAsync(IWatchSource source, List<WatchBatch>? batches = null)
    {
        await foreach (WatchBatch batch in Loop(source).RunAsync(TestContext.Current.CancellationToken))
        {
            batches?.Add(batch);
        }
    }
}
