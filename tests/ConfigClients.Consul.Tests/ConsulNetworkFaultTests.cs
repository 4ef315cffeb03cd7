using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.Consul.Tests;

public sealed class ConsulNetworkFaultTests(ConsulFixture fixture) : NetworkFaultConformance(fixture), IClassFixture<ConsulFixture>
{
    /// <summary>The server closes the connections of a client that has too many.</summary>
    protected override IReadOnlyList<StoreError> WhenReset => [StoreError.Unavailable, StoreError.Throttled];

    [Fact] // F11
    public async Task A_write_whose_reply_is_lost_is_not_sent_again()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ConsulStores.Open(proxy.Endpoint);
        string key = fixture.NewPrefix() + "/a";
        Assert.Null(await store.GetAsync(key, Stop));
        proxy.CutReplies(1, static line => line.StartsWith("PUT /v1/txn", StringComparison.Ordinal));

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(key, "v", cancellationToken: Stop).AsTask());
        ConfigEntry? entry = await store.GetAsync(key, Stop);

        Assert.Equal((StoreError.Unavailable, true, 1), (failure.Error, failure.MayHaveApplied, proxy.RepliesCut));
        Assert.Equal(("v", entry!.CreateRevision), (entry.GetString(), entry.Revision.Number));
    }

    [Fact] // F11
    public async Task A_large_write_and_a_session_whose_replies_are_lost_say_so()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ConsulStores.Open(proxy.Endpoint);
        string key = fixture.NewPrefix() + "/a";
        proxy.CutReplies(2, static line => line.StartsWith("PUT ", StringComparison.Ordinal));

        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync(key, new byte[500_000], cancellationToken: Stop).AsTask());
        StoreException open = await Assert.ThrowsAsync<StoreException>(() => store.OpenSessionAsync(cancellationToken: Stop).AsTask());

        Assert.Equal((true, true, 2), (write.MayHaveApplied, open.MayHaveApplied, proxy.RepliesCut));
        ConfigEntry? entry = await store.GetAsync(key, Stop);
        Assert.Equal((500_000, entry!.CreateRevision), (entry.Value.Length, entry.Revision.Number));
    }

    [Theory] // F12
    [InlineData(CutKind.Reset)]
    [InlineData(CutKind.Close)]
    public async Task A_reply_cut_at_any_byte_leaves_nothing_for_the_next_request(CutKind kind)
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ConsulStores.Open(proxy.Endpoint);
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "of a", cancellationToken: Stop);
        await store.SetAsync(prefix + "/b", "of b", cancellationToken: Stop);

        int cuts = 0;
        for (int bytes = 0; bytes < 320; bytes += bytes < 64 ? 1 : 32)
        {
            proxy.ToClient.CutAfter(bytes, kind);
            Assert.Equal("of a", (await store.GetAsync(prefix + "/a", Stop))!.GetString());
            Assert.Equal("of b", await store.GetStringAsync(prefix + "/b", Stop));
            cuts++;
        }

        // Each cut cost the connection it hit, and nothing else.
        Assert.Equal(1 + cuts, proxy.AcceptedConnections);
    }

    [Fact] // F13, F19
    public async Task Writes_go_to_the_next_endpoint_when_the_first_refuses()
    {
        await using FaultProxy first = FaultProxy.Start(fixture.Server.Endpoint);
        await using FaultProxy second = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ConsulStores.Open([first.Endpoint, second.Endpoint]);
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "one", cancellationToken: Stop);
        first.Refuse();
        first.ResetAll();

        await Eventually.ReadAsync(async () => (await store.SetAsync(key, "two", cancellationToken: Stop)).Applied, static applied => applied);
        int accepted = second.AcceptedConnections;
        await store.SetAsync(key, "three", cancellationToken: Stop);

        Assert.Equal(("three", accepted), (await store.GetStringAsync(key, Stop), second.AcceptedConnections));
    }

    [Fact] // F13, F23
    public async Task A_watch_that_cannot_connect_tries_less_and_less_often()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = ConsulStores.Open(proxy.Endpoint);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);

        // Reset and not refused: so each try is counted.
        proxy.NewConnections = AcceptBehavior.Reset;
        proxy.ResetAll();
        int before = proxy.AcceptedConnections;
        long start = Stopwatch.GetTimestamp();
        await Eventually.HoldsAsync(() => Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(6));
        int tries = proxy.AcceptedConnections - before;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        proxy.NewConnections = AcceptBehavior.Forward;
        await store.SetAsync(prefix + "/a", "v", cancellationToken: Stop);

        Assert.InRange(tries, 1, 2 * seconds);
        await Eventually.HoldsAsync(() => watch.Values.ContainsKey(prefix + "/a"), TimeSpan.FromSeconds(20));
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Stale);
    }

    [Fact] // F30
    public async Task Writes_elsewhere_wake_nobody_up()
    {
        await using IConfigStore store = ConsulStores.Open(fixture.Server.Endpoint);
        string prefix = fixture.NewPrefix();
        string sibling = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix + "/absent");

        for (int i = 0; i < 50; i++)
        {
            await store.SetAsync(sibling + "/a", $"{i}", cancellationToken: Stop);
        }

        int batches = watch.Batches.Count;
        await store.SetAsync(prefix + "/absent/a", "v", cancellationToken: Stop);
        await watch.UntilAsync(prefix + "/absent/a", "v");

        Assert.Equal((1, 2), (batches, watch.Batches.Count));
    }

    [Fact] // F51
    public async Task Calls_cancelled_at_any_moment_leave_no_session_and_no_connection_behind()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        proxy.ToClient.Delay = TimeSpan.FromMilliseconds(20);
        string prefix = fixture.NewPrefix();
        string name = Guid.NewGuid().ToString("N");
        await using IConfigStore store = ConsulStores.Open(proxy.Endpoint, static options => options.MaxConnections = 4);
        List<IStoreSession> sessions = [];
        for (int step = 0; step < 30; step++)
        {
            using CancellationTokenSource cancel = new(TimeSpan.FromMilliseconds(step * 2));
            await QuietlyAsync(async () => await store.GetAsync(prefix + "/a", cancel.Token));
            await QuietlyAsync(async () => await store.SetAsync(prefix + "/a", "v", cancellationToken: cancel.Token));
            await QuietlyAsync(async () => await store.ListAsync(prefix, cancel.Token));
            await QuietlyAsync(async () => sessions.Add(await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl, Name = name }, cancel.Token)));
        }

        await Task.WhenAll(sessions.Select(static session => session.DisposeAsync().AsTask()));
        Assert.True((await store.SetAsync(prefix + "/a", "last", cancellationToken: Stop)).Applied);
        Assert.InRange(proxy.OpenConnections, 0, 8);

        // What was opened while nobody waited any more ends by its TTL: twice that, on Consul.
        using HttpClient client = fixture.Server.CreateClient();
        await Eventually.ReadAsync(
            () => client.GetStringAsync("/v1/session/list", Stop), list => !list.Contains(name, StringComparison.Ordinal), TimeSpan.FromSeconds(25));
    }

    private static async Task QuietlyAsync(Func<Task> act)
    {
        try
        {
            await act();
        }
        catch (OperationCanceledException)
        {
            // As asked.
        }
    }
}
