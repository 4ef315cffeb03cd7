using System.Diagnostics;
using System.Text.Json.Nodes;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>F1 to F4, F26: the server itself is killed, paused, or full.</summary>
public sealed class ConsulServerFaultTests
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F1
    public async Task A_kill_and_a_quick_restart_lose_no_session_no_key_and_no_watch()
    {
        await using ConsulBackend server = await ConsulBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = ConsulStores.Open(server.Endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MaxTtl }, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await server.KillAsync();
        long start = Stopwatch.GetTimestamp();
        StoreException read = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("p/seat", Stop).AsTask());
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        await server.RestartAsync();
        await Eventually.ReadAsync(() => AppliedAsync(store, "p/a"), static applied => applied, TimeSpan.FromSeconds(20));
        await watch.UntilConvergedAsync(store, "p");

        Assert.Equal((StoreError.Unavailable, false), (read.Error, read.MayHaveApplied));
        Assert.True(took < TimeSpan.FromSeconds(1.5));
        Assert.Equal((SessionState.Healthy, session.Id), (session.State, (await store.GetAsync("p/seat", Stop))!.SessionId));
        Assert.DoesNotContain(watch.Batches, static batch => batch.Changes.Any(static change => change.IsDelete));
    }

    [Fact] // F2
    public async Task A_server_down_for_longer_than_a_lifetime_costs_the_session_on_time()
    {
        await using ConsulBackend server = await ConsulBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = ConsulStores.Open(server.Endpoint);
        IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("seat", "v", Condition.Absent, session, Stop);

        await server.KillAsync();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(11));
        await server.RestartAsync();
        await session.DisposeAsync();
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult taken = await store.SetAsync("seat", "v", Condition.Absent, next, Stop);

        // The restarted server believed in the old session; closing it here ended it there.
        Assert.Equal((SessionEndReason.DeadlinePassed, true), (session.EndReason, taken.Applied));
    }

    [Fact] // F3, F4
    public async Task A_pause_shorter_than_a_lifetime_is_survived_and_a_longer_one_is_not()
    {
        await using ConsulBackend server = await ConsulBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = ConsulStores.Open(server.Endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(2));
        IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("seat", "v", Condition.Absent, session, Stop);

        await server.PauseAsync();
        StoreException read = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("seat", Stop).AsTask());
        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());
        await server.ResumeAsync();
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(8));
        SessionState afterShort = session.State;
        await server.PauseAsync();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(12));
        await server.ResumeAsync();
        await Eventually.ReadAsync(() => AppliedAsync(store, "b"), static applied => applied);

        Assert.Equal((StoreError.Unavailable, StoreError.Unavailable, true), (read.Error, write.Error, write.MayHaveApplied));
        Assert.Equal((SessionState.Healthy, SessionState.Lost), (afterShort, session.State));
        Assert.NotNull(await store.GetAsync("seat", Stop));
        await session.DisposeAsync();
        Assert.Null(await store.GetAsync("seat", Stop));
    }

    [Fact] // F26
    public async Task A_server_without_a_free_connection_is_named_as_such()
    {
        await using ConsulBackend server = await StartWithLimitAsync(8);
        using ConnectionHog hog = await ConnectionHog.TakeAsync(server.Port, 20);
        await using IConfigStore store = ConsulStores.Open(server.Endpoint);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal(StoreError.Throttled, failure.Error);
        Assert.Contains("http_max_conns_per_client", failure.Message, StringComparison.Ordinal);
    }

    [Fact] // F26
    public async Task More_watches_than_connections_all_see_the_final_state()
    {
        await using ConsulBackend server = await StartWithLimitAsync(16);
        CapturedLog log = new();
        await using IConfigStore store = ConsulStores.Open(
            server.Endpoint,
            static options =>
            {
                options.MaxConnections = 6;
                options.MaxWatchConnections = 6;
            },
            builder => builder.UseLoggerFactory(log));
        WatchRecorder[] watches = await Task.WhenAll(Enumerable.Range(0, 30).Select(i => WatchRecorder.StartAsync(store, $"p{i}")));

        for (int i = 0; i < watches.Length; i++)
        {
            await store.SetAsync($"p{i}/a", "v", cancellationToken: Stop);
        }

        for (int i = 0; i < watches.Length; i++)
        {
            await watches[i].UntilAsync($"p{i}/a", "v");
            Assert.DoesNotContain(watches[i].Batches, static batch => batch.Kind == WatchBatchKind.Stale);
            await watches[i].DisposeAsync();
        }

        Assert.Single(log.Lines, static line => line.Contains("All 6 connections for watches are in use", StringComparison.Ordinal));
    }

    private static Task<ConsulBackend> StartWithLimitAsync(int connections) => ConsulBackend.StartAsync(
        new ConsulBackendOptions { ExtraConfig = new JsonObject { ["limits"] = new JsonObject { ["http_max_conns_per_client"] = connections } } }, Stop);

    private static async Task<bool> AppliedAsync(IConfigStore store, string key)
    {
        try
        {
            return (await store.SetAsync(key, "v", cancellationToken: Stop)).Applied;
        }
        catch (StoreException e) when (e.IsTransient)
        {
            return false;
        }
    }
}
