using System.Diagnostics;
using ConfigClients.Backends.Etcd;
using ConfigClients.Conformance;

namespace ConfigClients.Etcd.Tests;

/// <summary>F1 to F4: the only server is killed or paused.</summary>
[Collection(OwnServers.Name)]
public sealed class EtcdServerFaultTests
{
    private static readonly StoreSessionOptions Shortest = new() { Ttl = StoreSessionOptions.MinTtl };

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F1
    public async Task Kills_and_quick_restarts_lose_no_session_no_key_and_no_event()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = EtcdStores.Open(server.Endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(1));
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MaxTtl }, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");
        await using WatchRecorder idle = await WatchRecorder.StartAsync(store, "elsewhere");

        await server.KillAsync();
        long start = Stopwatch.GetTimestamp();
        StoreException read = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("p/seat", Stop).AsTask());
        TimeSpan took = Stopwatch.GetElapsedTime(start);
        for (int i = 0; i < 4; i++)
        {
            await server.RestartAsync();

            // Written by somebody else, perhaps before the watches are back: the first event since they began.
            await server.Control.PutAsync("p/a", $"{i}", cancellationToken: Stop);
            await server.Control.PutAsync($"elsewhere/{i}", "first", cancellationToken: Stop);
            await watch.UntilAsync("p/a", $"{i}");
            await idle.UntilAsync($"elsewhere/{i}", "first");
        }

        await watch.UntilConvergedAsync(store, "p");
        Assert.Equal((StoreError.Unavailable, false), (read.Error, read.MayHaveApplied));
        Assert.InRange(took.TotalSeconds, 0, 1.5);
        Assert.Equal((SessionState.Healthy, session.Id), (session.State, (await store.GetAsync("p/seat", Stop))!.SessionId));
        Assert.Single(watch.Batches, static batch => batch.Kind == WatchBatchKind.Snapshot);
        Assert.DoesNotContain(watch.Batches, static batch => batch.Changes.Any(static change => change.IsDelete));
    }

    [Fact] // F2
    public async Task A_server_down_for_longer_than_a_lifetime_costs_the_session_on_time()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = EtcdStores.Open(server.Endpoint);
        IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("seat", "v", Condition.Absent, session, Stop);

        await server.KillAsync();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(11));
        await server.RestartAsync();
        bool stillThere = await store.GetAsync("seat", Stop) is not null;
        await session.DisposeAsync();
        await using IStoreSession next = await store.OpenSessionAsync(Shortest, Stop);
        WriteResult taken = await store.SetAsync("seat", "v", Condition.Absent, next, Stop);

        // The restarted server gave the old session its full lifetime again; closing it here ended it there.
        Assert.Equal((SessionEndReason.DeadlinePassed, true, true), (session.EndReason, stillThere, taken.Applied));
    }

    [Fact] // F3, F4
    public async Task A_pause_shorter_than_a_lifetime_is_survived_and_a_longer_one_is_not()
    {
        await using EtcdBackend server = await EtcdBackend.StartAsync(cancellationToken: Stop);
        await using IConfigStore store = EtcdStores.Open(server.Endpoint, static options => options.RequestTimeout = TimeSpan.FromSeconds(2));
        IStoreSession session = await store.OpenSessionAsync(Shortest, Stop);
        await store.SetAsync("p/seat", "v", Condition.Absent, session, Stop);
        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        await server.PauseAsync();
        Task<StoreException> reading = Assert.ThrowsAsync<StoreException>(() => store.GetAsync("p/seat", Stop).AsTask());
        StoreException write = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("p/a", "v", cancellationToken: Stop).AsTask());
        StoreException read = await reading;
        await server.ResumeAsync();
        await Eventually.HoldsAsync(() => session.ValidFor > TimeSpan.FromSeconds(8));
        SessionState afterShort = session.State;
        await server.PauseAsync();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost, TimeSpan.FromSeconds(12));
        await server.ResumeAsync();
        await Eventually.ReadAsync(() => StoreTries.IsAppliedAsync(store, "p/b"), static applied => applied);
        await watch.UntilConvergedAsync(store, "p");
        await session.DisposeAsync();

        Assert.Equal((StoreError.Unavailable, StoreError.Unavailable, true), (read.Error, write.Error, write.MayHaveApplied));
        Assert.Equal((SessionState.Healthy, SessionState.Lost), (afterShort, session.State));
        await Eventually.GoneAsync(store, "p/seat");
    }
}
