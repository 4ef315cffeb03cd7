using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F9: the ensemble that answers now is not the one that was known, or is one of its past.</summary>
public sealed class ZooKeeperHistoryTests
{
    private static readonly TimeSpan BehindTheSession = TimeSpan.FromSeconds(30);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F9
    public async Task A_restored_ensemble_is_told_as_a_gap_and_no_revision_of_before_passes_for_one_of_now()
    {
        await using ZooKeeperBackend before = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using ZooKeeperBackend after = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using RequestTally tally = RequestTally.Start(after.Port);
        await using FaultProxy proxy = FaultProxy.Start(before.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore restored = ZooKeeperStores.Open(after);
        IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);

        // The same creations in the same order, so that every version is the same on both, and every count of creations.
        await store.SetAsync("p/kept", "v", cancellationToken: Stop);
        await restored.SetAsync("p/kept", "v", cancellationToken: Stop);
        for (int i = 0; i < 20; i++)
        {
            await store.SetAsync("p/kept", $"{i}", cancellationToken: Stop);
        }

        WriteResult old = await store.SetAsync("p/a", "v", Condition.Absent, cancellationToken: Stop);
        WriteResult now = await restored.SetAsync("p/a", "another", Condition.Absent, cancellationToken: Stop);
        await store.SetAsync("p/seat", "v", session: session, cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        proxy.Redirect(new Uri($"tcp://127.0.0.1:{tally.Port}"));
        proxy.ResetAll();
        await Eventually.HoldsAsync(() => watch.Values.GetValueOrDefault("p/a") == "another", BehindTheSession);
        WriteResult swapped = await store.SetAsync("p/a", "wrong", Condition.UnchangedSince(old.Revision), cancellationToken: Stop);
        WriteResult right = await store.SetAsync("p/a", "right", Condition.UnchangedSince(now.Revision), cancellationToken: Stop);
        await watch.UntilAsync("p/a", "right");
        await watch.UntilConvergedAsync(restored, "p");
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost);
        await session.DisposeAsync();
        int syncs = tally.Syncs;
        await store.GetAsync("p/a", Stop);

        // What the session wrote in the other history is nothing to catch up with.
        Assert.Equal(syncs, tally.Syncs);
        Assert.Equal((false, true), (swapped.Applied, right.Applied));
        WatchBatch gap = Assert.Single(watch.Batches.Skip(1), static batch => batch.Kind == WatchBatchKind.Snapshot);
        Assert.Contains("wiped or restored", gap.Reason, StringComparison.Ordinal);
        Assert.Equal(["p/seat"], gap.Changes.Where(static change => change.IsDelete).Select(static change => change.Key));
    }

    [Fact] // F9
    public async Task Another_ensemble_at_the_same_address_is_followed_from_where_it_is()
    {
        await using ZooKeeperBackend before = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using ZooKeeperBackend after = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(before.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await using IConfigStore other = ZooKeeperStores.Open(after);
        await store.SetAsync("p/old", "v", cancellationToken: Stop);
        await other.SetAsync("p/new", "v", cancellationToken: Stop);
        WriteResult old = await store.SetAsync("p/a", "v", Condition.Absent, cancellationToken: Stop);
        for (int i = 0; i < 20; i++)
        {
            await other.SetAsync("p/new", $"{i}", cancellationToken: Stop);
        }

        await other.SetAsync("p/a", "another", Condition.Absent, cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        proxy.Redirect(after.Endpoint);
        proxy.ResetAll();
        await watch.UntilAsync("p/new", "19");
        await watch.UntilConvergedAsync(other, "p");
        WriteResult swapped = await store.SetAsync("p/a", "wrong", Condition.UnchangedSince(old.Revision), cancellationToken: Stop);

        Assert.False(swapped.Applied);
        Assert.False(watch.Values.ContainsKey("p/old"));
    }
}
