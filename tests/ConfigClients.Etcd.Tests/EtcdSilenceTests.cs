using System.Diagnostics;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using ConfigClients.Conformance.Outages;

namespace ConfigClients.Etcd.Tests;

public sealed class EtcdSilenceTests(EtcdFixture fixture) : SilenceConformance(fixture), IClassFixture<EtcdFixture>
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    /// <summary>The pings of the connection notice after 15 s.</summary>
    protected override TimeSpan WatchBackWithin => TimeSpan.FromSeconds(25);

    [Fact] // F14, F19
    public async Task Reads_leave_a_silent_endpoint_within_one_call()
    {
        await using FaultProxy silent = FaultProxy.Start(fixture.Server.Endpoint);
        silent.NewConnections = AcceptBehavior.BlackHole;
        await using IConfigStore store = EtcdStores.Open([silent.Endpoint, fixture.Server.Endpoint], static options => options.RequestTimeout = TimeSpan.FromSeconds(4));
        string prefix = fixture.NewPrefix();

        for (int i = 0; i < 4; i++)
        {
            Assert.Null(await store.GetAsync($"{prefix}/{i}", Stop));
        }

        // Left alone from then on: a probe found it silent as well.
        await Eventually.ReadAsync(() => TimeAsync(() => ReadManyAsync(store, prefix, 6)), static took => took < TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(15));
    }

    [Fact] // F14, F19
    public async Task A_write_to_a_silent_endpoint_says_that_it_may_have_been_applied_and_is_not_sent_to_another()
    {
        await using FaultProxy first = FaultProxy.Start(fixture.Server.Endpoint);
        await using FaultProxy second = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open([first.Endpoint, second.Endpoint], static options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        string key = fixture.NewPrefix() + "/a";
        await ReadManyAsync(store, key, 4);

        first.ToClient.Hold();
        StoreException? failure = null;
        int sent = 0;
        while (failure is null)
        {
            failure = await StoreTries.FailureAsync(() => store.SetAsync($"{key}/{sent++}", "v", cancellationToken: Stop).AsTask());
        }

        ConfigEntry? entry = await store.GetAsync($"{key}/{sent - 1}", Stop);
        first.ToClient.Release();

        Assert.Equal((StoreError.Unavailable, true), (failure.Error, failure.MayHaveApplied));
        Assert.Equal(entry!.CreateRevision, entry.Revision.Number);
    }

    [Fact] // F14
    public async Task A_watch_whose_connection_alone_went_silent_comes_back_by_another()
    {
        await using FaultProxy proxy = FaultProxy.Start(fixture.Server.Endpoint);
        await using IConfigStore store = EtcdStores.Open(proxy.Endpoint);
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        proxy.BlackHoleEstablished();

        await direct.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        await Eventually.HoldsAsync(() => watch.Values.ContainsKey(prefix + "/a"), WatchBackWithin);

        Assert.Contains(watch.Batches, static batch => batch.Kind == WatchBatchKind.Stale);
        watch.AssertSound();
    }

    [Fact] // F15
    public async Task An_endpoint_whose_replies_are_lost_is_left_by_calls_heartbeats_and_watches()
    {
        await using FaultProxy first = FaultProxy.Start(fixture.Server.Endpoint);
        await using FaultProxy second = FaultProxy.Start(fixture.Server.Endpoint);
        CapturedLog log = new();
        second.Refuse();
        await using IConfigStore store = EtcdStores.Open([first.Endpoint, second.Endpoint], configure: builder => builder.UseLoggerFactory(log));
        await using IConfigStore direct = fixture.Open(null);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync(prefix + "/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, prefix);
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(9));
        second.Listen();
        await Eventually.HoldsAsync(() => log.Lines.Any(static line => line.Contains("is well again", StringComparison.Ordinal)));

        first.ToClient.Hold();
        long start = Stopwatch.GetTimestamp();
        await direct.SetAsync(prefix + "/a", "v", cancellationToken: Stop);
        Assert.Equal("v", await store.GetStringAsync(prefix + "/a", Stop));
        await watch.UntilAsync(prefix + "/a", "v");
        await Eventually.HoldsAsync(() => Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(7) && session.ValidFor > TimeSpan.FromSeconds(7), TimeSpan.FromSeconds(12));
        first.ToClient.Release();

        Assert.False(session.Lost.IsCancellationRequested);
    }

    private static async Task<TimeSpan> TimeAsync(Func<Task> act)
    {
        long start = Stopwatch.GetTimestamp();
        await act();
        return Stopwatch.GetElapsedTime(start);
    }

    private static async Task ReadManyAsync(IConfigStore store, string prefix, int count)
    {
        for (int i = 0; i < count; i++)
        {
            await store.GetAsync($"{prefix}/{i}", Stop);
        }
    }
}
