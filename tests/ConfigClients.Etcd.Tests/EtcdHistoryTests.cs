using System.Text.Json;
using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.Etcd.Wire;

namespace ConfigClients.Etcd.Tests;

/// <summary>F9, F28: what a watch had seen is not in the store any more, or never was in the one that answers now.</summary>
[Collection(OwnServers.Name)]
public sealed class EtcdHistoryTests
{
    /// <summary>The same members by name and address make the same cluster id: so looks a cluster that was restored, or started anew on an empty disk.</summary>
    private static readonly EtcdBackendOptions Twin = new()
    {
        ExtraFlags = ["--initial-advertise-peer-urls=http://127.0.0.1:1", "--initial-cluster=n1=http://127.0.0.1:1", "--initial-cluster-token=twins"],
    };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F9
    public async Task A_store_that_was_restored_is_told_as_a_gap_and_followed_from_where_it_is()
    {
        await using EtcdBackend before = await EtcdBackend.StartAsync(Twin, Stop);
        await using EtcdBackend after = await EtcdBackend.StartAsync(Twin, Stop);
        await using FaultProxy proxy = FaultProxy.Start(before.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore restored = EtcdStores.Open(after.Endpoint);
        await store.SetAsync("p/kept", "v", cancellationToken: Stop);
        await restored.SetAsync("p/kept", "v", cancellationToken: Stop);
        await restored.SetAsync("p/older", "back again", cancellationToken: Stop);
        IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl }, Stop);
        await store.SetAsync("p/seat", "v", session: session, cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        for (int i = 0; i < 20; i++)
        {
            await store.SetAsync("p/newer", $"{i}", cancellationToken: Stop);
        }

        await watch.UntilAsync("p/newer", "19");
        proxy.Redirect(after.Endpoint);
        proxy.ResetAll();
        await watch.UntilAsync("p/older", "back again");
        await restored.SetAsync("p/a", "live", cancellationToken: Stop);
        await watch.UntilAsync("p/a", "live");
        await watch.UntilConvergedAsync(restored, "p");
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(8));
        await session.DisposeAsync();

        Assert.Equal(await ClusterAsync(before), await ClusterAsync(after));
        WatchBatch gap = Assert.Single(watch.Batches.Skip(1), static batch => batch.Kind == WatchBatchKind.Snapshot);
        Assert.Contains("went back", gap.Reason, StringComparison.Ordinal);
        Assert.Equal(["p/newer", "p/seat"], gap.Changes.Where(static change => change.IsDelete).Select(static change => change.Key));
        Assert.Equal(SessionEndReason.EndedByStore, session.EndReason);
    }

    [Fact] // F9
    public async Task Another_cluster_at_the_same_address_is_told_as_a_gap_although_its_revision_is_higher()
    {
        await using EtcdBackend before = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await using EtcdBackend after = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(before.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore other = EtcdStores.Open(after.Endpoint);
        await store.SetAsync("p/old", "v", cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        for (int i = 0; i < 20; i++)
        {
            await other.SetAsync("p/new", $"{i}", cancellationToken: Stop);
        }

        proxy.Redirect(after.Endpoint);
        proxy.ResetAll();
        await watch.UntilAsync("p/new", "19");
        await watch.UntilConvergedAsync(other, "p");

        Assert.Contains("another cluster", Assert.Single(watch.Batches.Skip(1), static batch => batch.Kind == WatchBatchKind.Snapshot).Reason, StringComparison.Ordinal);
    }

    [Fact] // F28
    public async Task A_compaction_while_a_watch_is_away_is_told_as_a_gap_with_what_was_deleted()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = EtcdStores.Open(server.Endpoint);
        for (int i = 0; i < 10; i++)
        {
            await direct.SetAsync($"p/{i}", "v", cancellationToken: Stop);
        }

        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        proxy.Refuse();
        proxy.ResetAll();
        for (int i = 0; i < 100; i++)
        {
            await direct.SetAsync($"p/{i % 10}", $"{i}", cancellationToken: Stop);
        }

        for (int i = 0; i < 5; i++)
        {
            await direct.DeleteAsync($"p/{i}", cancellationToken: Stop);
        }

        await server.Control.CompactAsync((await direct.ListAsync("p", Stop)).Revision, Stop);
        proxy.Listen();
        await watch.UntilConvergedAsync(direct, "p");
        await direct.SetAsync("p/9", "live", cancellationToken: Stop);
        await watch.UntilAsync("p/9", "live");

        WatchBatch gap = Assert.Single(watch.Batches.Skip(1), static batch => batch.Kind == WatchBatchKind.Snapshot);
        Assert.Contains("compacted", gap.Reason, StringComparison.Ordinal);
        Assert.Equal(["p/0", "p/1", "p/2", "p/3", "p/4"], gap.Changes.Where(static change => change.IsDelete).Select(static change => change.Key));
    }

    [Fact] // F28
    public async Task A_listing_whose_revision_is_compacted_between_two_pages_begins_anew()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = EtcdStores.Open(server.Endpoint);
        Assert.Empty((await store.ListAsync("p", Stop)).Entries);

        // More than one page.
        await Task.WhenAll(Enumerable.Range(0, 280).Select(i => direct.CommitAsync(SixtyKeys(i), Stop).AsTask()));
        double before = await EtcdMetrics.CallsAsync(server, "Range");
        proxy.ToClient.Hold();
        Task<ConfigSnapshot> listing = store.ListAsync("p", Stop).AsTask();
        await Eventually.ReadAsync(() => EtcdMetrics.CallsAsync(server, "Range"), count => count > before);
        WriteResult last = await direct.SetAsync("p/last", "v", cancellationToken: Stop);
        await server.Control.CompactAsync(last.Revision.Number, Stop);
        proxy.ToClient.Release();
        ConfigSnapshot snapshot = await listing;

        Assert.Equal((16_801, last.Revision.Number), (snapshot.Entries.Count, snapshot.Revision));
        Assert.Equal(4, await EtcdMetrics.CallsAsync(server, "Range") - before);
    }

    [Theory] // F9
    [InlineData(1, 5, 100, null)]
    [InlineData(1, 6, 90, "went back")]
    [InlineData(1, 4, 200, "began anew")]
    [InlineData(2, 5, 200, "another cluster")]
    [InlineData(0, 0, 0, null)]
    public void A_history_goes_on_only_in_the_same_cluster_and_never_backwards(ulong cluster, ulong term, long revision, string? reason)
    {
        EtcdHistory seen = new(1, 5, 100);
        EtcdHistory told = new(cluster, term, revision);

        string? found = told.BreakWith(seen);

        Assert.True(reason is null ? found is null : found!.Contains(reason, StringComparison.Ordinal), found);
        Assert.Null(told.BreakWith(default));
    }

    private static Transaction SixtyKeys(int number)
    {
        Transaction transaction = new();
        for (int i = 0; i < 60; i++)
        {
            transaction.Set($"p/{number}/{i}", TestValues.Of("v"));
        }

        return transaction;
    }

    private static async Task<string> ClusterAsync(EtcdBackend server)
    {
        using JsonDocument status = JsonDocument.Parse(await server.Control.StatusAsync(Stop));
        return status.RootElement[0].GetProperty("Status").GetProperty("header").GetProperty("cluster_id").GetRawText();
    }
}
