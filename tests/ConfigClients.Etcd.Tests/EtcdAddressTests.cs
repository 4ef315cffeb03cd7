using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Etcd.Tests;

/// <summary>F42: some of the addresses lead nowhere.</summary>
public sealed class EtcdAddressTests(EtcdFixture fixture) : IClassFixture<EtcdFixture>
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory] // F42
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://nowhere.invalid:2379")]
    public async Task A_dead_address_beside_a_good_one_costs_nothing_but_a_moment(string dead)
    {
        await using IConfigStore store = EtcdStores.Open([new Uri(dead), new Uri($"http://localhost:{fixture.Server.Port}")]);
        string prefix = fixture.NewPrefix();
        long start = Stopwatch.GetTimestamp();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);

        for (int i = 0; i < 10; i++)
        {
            Assert.True((await store.SetAsync($"{prefix}/{i}", "v", session: session, cancellationToken: Stop)).Applied);
            Assert.Equal("v", await store.GetStringAsync($"{prefix}/{i}", Stop));
        }

        await watch.UntilConvergedAsync(store, prefix);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromSeconds(5), "It went back to the dead address again and again.");
    }

    [Theory] // F42
    [InlineData("http://127.0.0.1:1")]
    [InlineData("http://nowhere.invalid:2379")]
    public async Task With_no_good_address_calls_end_on_time_and_nothing_was_sent(string dead)
    {
        await using IConfigStore store = EtcdStores.Open(new Uri(dead), static options => options.RequestTimeout = TimeSpan.FromSeconds(10));
        Task<StoreException> reading = Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());
        StoreException read = await reading;

        Assert.Equal((StoreError.Unavailable, StoreError.Unavailable, false), (read.Error, write.Error, write.MayHaveApplied));
        Assert.Contains("could not be reached", write.Message, StringComparison.Ordinal);
    }

    [Fact] // F42
    public async Task An_address_that_comes_to_life_later_is_found()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        proxy.Refuse();
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = WatchRecorder.Start(store, prefix);
        await watch.UntilAsync(static batches => batches.Any(static batch => batch.Kind == WatchBatchKind.Stale));

        proxy.Listen();

        await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, prefix + "/a"), static applied => applied);
        await watch.UntilAsync(prefix + "/a", "v");
    }

    [Fact] // F42
    public async Task A_host_that_is_gone_is_left_within_the_time_to_connect()
    {
        using FullListener gone = await FullListener.StartAsync();
        await using IConfigStore beside = EtcdStores.Open([gone.Endpoint, fixture.Server.Endpoint], static options => options.ConnectTimeout = TimeSpan.FromMilliseconds(300));
        await using IConfigStore alone = EtcdStores.Open(gone.Endpoint, static options =>
        {
            options.RequestTimeout = TimeSpan.FromSeconds(10);
            options.ConnectTimeout = TimeSpan.FromMilliseconds(100);
        });
        string prefix = fixture.NewPrefix();
        long start = Stopwatch.GetTimestamp();
        await using IStoreSession session = await beside.OpenSessionAsync(cancellationToken: Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(beside, prefix);

        for (int i = 0; i < 10; i++)
        {
            Assert.True((await beside.SetAsync($"{prefix}/{i}", "v", cancellationToken: Stop)).Applied);
        }

        await watch.UntilConvergedAsync(beside, prefix);
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        Task<StoreException> reading = Assert.ThrowsAsync<StoreException>(() => alone.GetAsync("a", Stop).AsTask());
        StoreException write = await Assert.ThrowsAsync<StoreException>(() => alone.SetAsync("a", "v", cancellationToken: Stop).AsTask());
        StoreException read = await reading;

        Assert.InRange(took.TotalSeconds, 0, 4);
        Assert.Equal((StoreError.Unavailable, StoreError.Unavailable, false), (read.Error, write.Error, write.MayHaveApplied));
    }

    [Fact] // F42
    public async Task A_server_that_accepts_and_never_speaks_tls_is_left_within_the_time_to_connect()
    {
        await using FaultProxy silent = FaultProxy.Start(fixture.Server.Endpoint);
        silent.NewConnections = AcceptBehavior.BlackHole;
        await using IConfigStore store = EtcdStores.Open(new UriBuilder(silent.Endpoint) { Scheme = "https" }.Uri, static options =>
        {
            options.RequestTimeout = TimeSpan.FromSeconds(10);
            options.ConnectTimeout = TimeSpan.FromMilliseconds(100);
        });

        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((StoreError.Unavailable, false), (write.Error, write.MayHaveApplied));
        Assert.Contains("ConnectTimeout", write.Message, StringComparison.Ordinal);
        Assert.InRange(silent.AcceptedConnections, 2, 8);
    }
}
