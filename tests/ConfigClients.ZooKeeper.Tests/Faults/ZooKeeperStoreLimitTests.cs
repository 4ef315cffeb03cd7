using System.Globalization;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.ZooKeeper.Tests.Live;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F51, the leaks of I9, and what a server does not take.</summary>
public sealed class ZooKeeperStoreLimitTests
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_set_to_less_drops_the_connection_and_the_store_goes_on()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(new() { MaxRequestBytes = 64 * 1024 }, Stop);
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await store.SetAsync("a", "v", cancellationToken: Stop);
        int before = proxy.AcceptedConnections;

        StoreException set = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", new byte[100_000], cancellationToken: Stop).AsTask());
        await Eventually.ReadAsync(() => StoreTries.FailureAsync(() => store.GetAsync("a", Stop).AsTask()), static failure => failure is null);

        // The server says nothing: it closes the connection. So it is not known, and it is not sent again and again.
        Assert.Equal((StoreError.Unavailable, true), (set.Error, set.MayHaveApplied));
        Assert.InRange(proxy.AcceptedConnections - before, 1, 3);
        Assert.Equal("v", await store.GetStringAsync("a", Stop));
    }

    [Fact]
    public async Task Values_of_others_that_are_longer_than_ours_may_be_are_read_and_listed()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = ZooKeeperStores.Open(server);
        await using ZooKeeperClient other = ZooKeeperClients.Open(server);
        await store.SetAsync("p/small", "v", cancellationToken: Stop);
        byte[] large = TestValues.Of(new string('x', 1_000_000));
        for (int i = 0; i < 6; i++)
        {
            await other.CreateAsync($"/faults/p/{i}", large, cancellationToken: Stop);
        }

        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        ConfigSnapshot listing = await store.ListAsync("p", Stop);
        ReadOnlyMemory<byte>? value = await store.GetValueAsync("p/0", Stop);
        await other.SetDataAsync("/faults/p/1", "w"u8.ToArray(), cancellationToken: Stop);
        await watch.UntilAsync("p/1", "w");

        Assert.Equal(7, listing.Entries.Count);
        Assert.True(value!.Value.Span.SequenceEqual(large));
        Assert.All(listing.Entries.Take(6), entry => Assert.Equal(1_000_000, entry.Value.Length));
    }

    [Fact] // I9
    public async Task All_watches_share_one_connection_each_session_has_one_and_nothing_stays_behind()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        int before = await CountAsync(server, "zk_num_alive_connections");
        IConfigStore store = ZooKeeperStores.Open(server);
        IStoreSession[] sessions = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => store.OpenSessionAsync(Shortest, Stop).AsTask()));
        await Task.WhenAll(sessions.Select((session, i) => store.SetAsync($"seats/{i}", "v", Condition.Absent, session, Stop).AsTask()));
        WatchRecorder[] watches = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => WatchRecorder.StartAsync(store, $"p/{i}")));

        int connections = await CountAsync(server, "zk_num_alive_connections");
        int watching = await CountAsync(server, "zk_watch_count");
        await Task.WhenAll(watches.Select(static watch => watch.DisposeAsync().AsTask()));
        await Eventually.ReadAsync(() => CountAsync(server, "zk_watch_count"), static left => left == 0);
        await store.DisposeAsync();
        await Eventually.ReadAsync(() => CountAsync(server, "zk_num_alive_connections"), left => left <= before);

        Assert.Equal((before + 11, 200), (connections, watching));
        Assert.Equal(0, await CountAsync(server, "zk_ephemerals_count"));
        Assert.Equal(0, await CountAsync(server, "zk_global_sessions"));
    }

    [Fact] // F51
    public async Task Calls_cancelled_at_any_moment_leave_no_session_no_watch_and_no_connection_behind()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        await using IConfigStore store = ZooKeeperStores.Open(proxy);
        await store.SetAsync("p/a", "v", cancellationToken: Stop);
        proxy.ToClient.Delay = TimeSpan.FromMilliseconds(20);
        List<IStoreSession> sessions = [];
        for (int step = 0; step < 30; step++)
        {
            TimeSpan patience = TimeSpan.FromMilliseconds(step * 3);
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
        await Eventually.ReadAsync(() => CountAsync(server, "zk_watch_count"), static left => left == 0);

        // What was opened while nobody waited any more ends by its time-out at the latest.
        await Eventually.ReadAsync(() => CountAsync(server, "zk_global_sessions"), static left => left == 1, TimeSpan.FromSeconds(14));
        Assert.Equal(1, proxy.OpenConnections);
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

    private static async Task<int> CountAsync(ZooKeeperBackend server, string name) =>
        int.Parse((await server.Words.MntrAsync(Stop))[name], CultureInfo.InvariantCulture);
}
