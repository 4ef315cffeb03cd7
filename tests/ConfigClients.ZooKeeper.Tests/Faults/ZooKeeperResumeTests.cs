using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.ZooKeeper.Tests.Faults;

public sealed class ZooKeeperResumeTests(ZooKeeperFixture fixture) : ResumeConformance(fixture), IClassFixture<ZooKeeperFixture>
{
    /// <summary>From within the welcome, over the watch and the reading, to behind them.</summary>
    protected override IEnumerable<int> Cuts => [10, 41, 50, 65, 120, 300, 900];

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
}
