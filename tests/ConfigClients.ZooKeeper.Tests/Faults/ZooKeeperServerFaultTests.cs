using System.Diagnostics;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>F1 to F4: the only server is killed or paused.</summary>
public sealed class ZooKeeperServerFaultTests
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F1
    public async Task Kills_and_quick_restarts_lose_no_session_no_key_and_no_final_state()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = ZooKeeperStores.Open(server, static options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        await using IConfigStore patient = ZooKeeperStores.Open(server, static options => options.RequestTimeout = TimeSpan.FromSeconds(30));
        await using IStoreSession session = await patient.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MaxTtl }, Stop);
        await patient.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        await using WatchRecorder idle = await WatchRecorder.StartAsync(store, "elsewhere");

        await server.KillAsync();
        long start = Stopwatch.GetTimestamp();
        StoreException read = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("p/seat", Stop).AsTask());
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        for (int i = 0; i < 3; i++)
        {
            await server.RestartAsync();
            await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(patient, "p/a", $"{i}"), static applied => applied);
            await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(patient, $"elsewhere/{i}"), static applied => applied);
            await watch.UntilAsync("p/a", $"{i}");
            await idle.UntilAsync($"elsewhere/{i}", "v");
        }

        await watch.UntilConvergedAsync(patient, "p");
        Assert.Equal((StoreError.Unavailable, false), (read.Error, read.MayHaveApplied));
        Assert.InRange(took.TotalSeconds, 0.5, 3);
        Assert.Equal((SessionState.Healthy, session.Id), (session.State, (await patient.GetAsync("p/seat", Stop))!.SessionId));
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
        Assert.DoesNotContain(watch.Batches, static batch => batch.Changes.Any(static change => change.IsDelete));
    }

    [Fact] // F2
    public async Task A_server_down_for_longer_than_a_lifetime_costs_the_session_on_time()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = ZooKeeperStores.Open(server);
        await using IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("seat", "v", Condition.Absent, session, Stop);

        await server.KillAsync();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(11));
        await server.RestartAsync();

        // The restarted server gave the old session its full lifetime again; it goes with that at the latest, and sooner when whoever gave it up gets through.
        await Eventually.ReadAsync(() => StoreTries.FailureAsync(() => store.GetAsync("seat", Stop).AsTask()), static failure => failure is null);
        await Eventually.GoneAsync(store, "seat", TimeSpan.FromSeconds(20));
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult taken = await store.SetAsync("seat", "v", Condition.Absent, next, Stop);

        Assert.Equal((SessionEndReason.DeadlinePassed, true), (session.EndReason, taken.Applied));
    }

    [Fact] // F3, F4
    public async Task A_pause_shorter_than_a_lifetime_is_survived_and_a_longer_one_is_not()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = ZooKeeperStores.Open(server, static options => options.RequestTimeout = TimeSpan.FromSeconds(2));
        await using IConfigStore patient = ZooKeeperStores.Open(server);
        await using IStoreSession session = await patient.OpenSessionAsync(Shortest, Stop);
        await patient.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(patient, "p");
        await store.GetAsync("p/seat", Stop);

        await server.PauseAsync();
        Task<StoreException> reading = Assert.ThrowsAsync<StoreException>(() => store.GetAsync("p/seat", Stop).AsTask());
        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("p/a", "w", cancellationToken: Stop).AsTask());
        StoreException read = await reading;
        await server.ResumeAsync();
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(8));
        SessionState afterShort = session.State;
        await server.PauseAsync();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(12));
        await server.ResumeAsync();
        await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, "p/b"), static applied => applied);
        await Eventually.GoneAsync(patient, "p/seat", TimeSpan.FromSeconds(20));
        await watch.UntilConvergedAsync(patient, "p");

        Assert.Equal((StoreError.Unavailable, StoreError.Unavailable, false), (read.Error, write.Error, read.MayHaveApplied));
        Assert.Equal((SessionState.Healthy, SessionState.Lost), (afterShort, session.State));
    }
}
