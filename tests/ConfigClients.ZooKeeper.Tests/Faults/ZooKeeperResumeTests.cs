using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F11, F12, F32, F33, F53: a server replays nothing, so a watch reads again; and no consumer costs another one anything.</summary>
public sealed class ZooKeeperResumeTests(ZooKeeperFixture fixture) : IClassFixture<ZooKeeperFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F32, F33
    public async Task What_was_set_deleted_and_created_anew_while_a_watch_was_cut_off_is_found()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        foreach (string name in (string[])["stays", "changes", "goes", "is replaced"])
        {
            await direct.SetAsync($"{prefix}/{name}", "v", cancellationToken: Stop);
        }

        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        proxy.Refuse();
        proxy.ResetAll();
        await watch.UntilAsync(static batches => batches[^1].Kind == WatchBatchKind.Stale);
        await direct.SetAsync(prefix + "/changes", "w", cancellationToken: Stop);
        await direct.DeleteAsync(prefix + "/goes", cancellationToken: Stop);
        await direct.DeleteAsync(prefix + "/is replaced", cancellationToken: Stop);
        await direct.SetAsync(prefix + "/is replaced", "v", cancellationToken: Stop);
        await direct.SetAsync(prefix + "/comes and goes", "v", cancellationToken: Stop);
        await direct.DeleteAsync(prefix + "/comes and goes", cancellationToken: Stop);
        await direct.SetAsync(prefix + "/new/below", "v", cancellationToken: Stop);
        proxy.Listen();
        await watch.UntilConvergedAsync(direct, prefix);

        WatchBatch found = Assert.Single(watch.Batches, static batch => batch.Changes.Any(static change => change.IsDelete));
        Assert.Equal(
            ["changes", "goes", "is replaced", "new/below"],
            found.Changes.Select(change => change.Key[(prefix.Length + 1)..]).Order(StringComparer.Ordinal));
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
    }

    [Fact] // F33
    public async Task A_key_that_was_replaced_by_one_in_the_same_version_refuses_the_old_revision()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/beside", "v", cancellationToken: Stop);
        WriteResult old = await store.SetAsync(prefix + "/a", "v", Condition.Absent, cancellationToken: Stop);
        proxy.Refuse();
        proxy.ResetAll();
        await direct.DeleteAsync(prefix + "/a", cancellationToken: Stop);
        WriteResult now = await direct.SetAsync(prefix + "/a", "v", Condition.Absent, cancellationToken: Stop);
        proxy.Listen();

        WriteResult swap = await store.SetAsync(prefix + "/a", "w", Condition.UnchangedSince(old.Revision), cancellationToken: Stop);
        WriteResult delete = await store.DeleteAsync(prefix + "/a", Condition.UnchangedSince(old.Revision), Stop);
        WriteResult commit = await store.CommitAsync(new Transaction().Require(prefix + "/a", Condition.UnchangedSince(old.Revision)).Set(prefix + "/b", TestValues.Of("w")), Stop);

        Assert.Equal((false, false, false), (swap.Applied, delete.Applied, commit.Applied));
        Assert.Equal(("v", now.Revision), ((await direct.GetAsync(prefix + "/a", Stop))!.GetString(), (await direct.GetAsync(prefix + "/a", Stop))!.Revision));
    }

    [Theory] // F11, F12
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task A_connection_cut_again_while_the_watch_is_being_restored_loses_nothing(CutKind kind)
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        // From within the welcome, over the watch and the reading, to behind them.
        foreach (int bytes in (int[])[10, 41, 50, 65, 120, 300, 900])
        {
            proxy.ToClient.Hold();
            proxy.ResetAll();
            await direct.SetAsync($"{prefix}/{bytes}", new byte[200], cancellationToken: Stop);
            await direct.SetAsync($"{prefix}/{bytes}/b", new byte[200], cancellationToken: Stop);
            await direct.DeleteAsync($"{prefix}/{bytes}", cancellationToken: Stop);
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
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore direct = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        Random random = new(7);

        for (int i = 0; i < 900; i++)
        {
            if (i % 60 == 0)
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

    [Fact] // F53
    public async Task A_consumer_that_is_stuck_holds_up_nobody_and_catches_up()
    {
        await using IConfigStore store = ZooKeeperStores.Open(fixture.Server);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);
        WatchConsumer consumer = new(prefix);
        await using IAsyncEnumerator<WatchBatch> stuck = store.WatchAsync(prefix, Stop).GetAsyncEnumerator(Stop);
        await stuck.MoveNextAsync();
        consumer.Take(stuck.Current);
        await using WatchRecorder other = await WatchRecorder.StartAsync(store, prefix);

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
        await using IConfigStore store = ZooKeeperStores.Open(fixture.Server);
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
