using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Etcd.Tests;

/// <summary>F34, F51, and the leaks of I9: a server that is full, set to less, or asked to count what we leave behind.</summary>
[Collection(OwnServers.Name)]
public sealed class EtcdServerLimitTests
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F34
    public async Task A_full_store_refuses_writes_and_sessions_and_keeps_everything_else_going()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(new() { ExtraFlags = ["--quota-backend-bytes=2097152"] }, Stop);
        await using IConfigStore store = EtcdStores.Open(server.Endpoint);
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        // The server looks at its file's size, which grows only every 100 ms: on a fast disk many writes pass before it is full.
        StoreException full = await Assert.ThrowsAsync<StoreException>(async () =>
        {
            for (int i = 0; i < 1000; i++)
            {
                await store.SetAsync($"p/{i % 20}", new byte[400_000], cancellationToken: Stop);
            }
        });
        double before = await EtcdMetrics.CallsAsync(server, "Txn");
        StoreException again = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("p/a", "v", cancellationToken: Stop).AsTask());
        double after = await EtcdMetrics.CallsAsync(server, "Txn");
        StoreException open = await Assert.ThrowsAsync<StoreException>(() => store.OpenSessionAsync(cancellationToken: Stop).AsTask());
        string? read = await store.GetStringAsync("p/seat", Stop);
        ConfigEntry?[] together = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => store.GetAsync($"p/{i % 2}", Stop).AsTask()));
        WriteResult deleted = await store.DeleteAsync("p/0", cancellationToken: Stop);
        await Eventually.HoldsAsync(() => session.ValidFor < TimeSpan.FromSeconds(7));
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(8));
        await watch.UntilAsync("p/0", null);

        Assert.Equal((StoreError.StoreFull, false), (full.Error, full.MayHaveApplied));
        Assert.Equal((StoreError.StoreFull, StoreError.StoreFull, 1), (again.Error, open.Error, after - before));
        Assert.Equal(("v", true), (read, deleted.Applied));
        Assert.All(together, Assert.NotNull);

        await server.Control.DeleteAsync("p/", prefix: true, Stop);
        await server.Control.CompactAsync((await store.ListAsync("p", Stop)).Revision, Stop);
        await server.Control.DefragmentAsync(Stop);
        await server.Control.DisarmAlarmsAsync(Stop);
        Assert.True((await store.SetAsync("p/a", "v", cancellationToken: Stop)).Applied);
        await watch.UntilAsync("p/a", "v");
    }

    [Fact]
    public async Task A_server_set_to_less_says_too_large_and_reads_still_work_together()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(new() { ExtraFlags = ["--max-txn-ops=16", "--max-request-bytes=65536"] }, Stop);
        await using IConfigStore store = EtcdStores.Open(server.Endpoint);
        await Task.WhenAll(Enumerable.Range(0, 300).Select(i => store.SetAsync($"p/{i}", $"{i}", cancellationToken: Stop).AsTask()));
        Transaction many = new();
        for (int i = 0; i < 17; i++)
        {
            many.Set($"p/{i}", TestValues.Of("v"));
        }

        StoreException large = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("p/a", new byte[70_000], cancellationToken: Stop).AsTask());
        StoreException commit = await Assert.ThrowsAsync<StoreException>(() => store.CommitAsync(many, Stop).AsTask());
        string?[] values = await Task.WhenAll(Enumerable.Range(0, 300).Select(i => store.GetStringAsync($"p/{i}", Stop).AsTask()));

        Assert.Equal((StoreError.TooLarge, false, StoreError.TooLarge, false), (large.Error, large.MayHaveApplied, commit.Error, commit.MayHaveApplied));
        Assert.Equal(Enumerable.Range(0, 300).Select(static i => $"{i}"), values);
    }

    [Fact] // I9
    public async Task All_watches_share_one_stream_all_sessions_another_and_nothing_stays_behind()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(cancellationToken: Stop);
        IConfigStore store = EtcdStores.Open(server.Endpoint);
        IStoreSession[] sessions = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => store.OpenSessionAsync(Shortest, Stop).AsTask()));
        WatchRecorder[] watches = await Task.WhenAll(Enumerable.Range(0, 1000).Select(i => WatchRecorder.StartAsync(store, $"p/{i}")));
        await Eventually.HoldsAsync(() => sessions.All(static session => session.ValidFor < TimeSpan.FromSeconds(6.5)));
        await Eventually.HoldsAsync(() => sessions.All(static session => session.ValidFor > TimeSpan.FromSeconds(7)));

        double streams = await EtcdMetrics.CallsAsync(server, "Watch");
        double keepAlives = await EtcdMetrics.CallsAsync(server, "LeaseKeepAlive");
        double watching = await EtcdMetrics.ReadAsync(server, "etcd_debugging_mvcc_watcher_total");
        await Task.WhenAll(watches.Select(static watch => watch.DisposeAsync().AsTask()));
        await Eventually.ReadAsync(() => EtcdMetrics.ReadAsync(server, "etcd_debugging_mvcc_watcher_total"), static left => left == 0);
        await store.DisposeAsync();
        await Eventually.ReadAsync(() => EtcdMetrics.ReadAsync(server, "etcd_debugging_mvcc_watch_stream_total"), static left => left == 0);
        string leases = await server.Control.RunAsync(["lease", "list"], cancellationToken: Stop);

        Assert.Equal((1, 1, 1000), (streams, keepAlives, watching));
        Assert.Contains("found 0 leases", leases, StringComparison.Ordinal);
    }

    [Fact] // F51
    public async Task Calls_cancelled_at_any_moment_leave_no_session_no_watch_and_no_connection_behind()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        proxy.ToClient.Delay = TimeSpan.FromMilliseconds(20);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        List<IStoreSession> sessions = [];
        for (int step = 0; step < 40; step++)
        {
            TimeSpan patience = TimeSpan.FromMilliseconds(step * 2);
            await CancelledAsync(patience, async token => await store.GetAsync("p/a", token));
            await CancelledAsync(patience, async token => await store.SetAsync("p/a", "v", cancellationToken: token));
            await CancelledAsync(patience, async token => await store.ListAsync("p", token));
            await CancelledAsync(patience, async token => sessions.Add(await store.OpenSessionAsync(Shortest, token)));
            await CancelledAsync(
                patience,
                async token =>
                {
                    await foreach (WatchBatch batch in store.WatchAsync("p", token))
                    {
                    }
                });
        }

        await Task.WhenAll(sessions.Select(static session => session.DisposeAsync().AsTask()));
        Assert.True((await store.SetAsync("p/a", "last", cancellationToken: Stop)).Applied);
        Assert.NotEmpty(sessions);
        Assert.InRange(proxy.OpenConnections, 0, 3);
        await Eventually.ReadAsync(() => EtcdMetrics.ReadAsync(server, "etcd_debugging_mvcc_watcher_total"), static left => left == 0);

        // What was opened while nobody waited any more ends by its TTL.
        await Eventually.ReadAsync(
            () => server.Control.RunAsync(["lease", "list"], cancellationToken: Stop),
            static list => list.Contains("found 0 leases", StringComparison.Ordinal),
            TimeSpan.FromSeconds(14));
    }

    private static async Task CancelledAsync(TimeSpan patience, Func<CancellationToken, Task> act)
    {
        using CancellationTokenSource cancel = new(patience);
        try
        {
            await act(cancel.Token);
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
    }
}
