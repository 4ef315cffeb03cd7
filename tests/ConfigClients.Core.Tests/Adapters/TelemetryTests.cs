using ConfigClients.Adapters;
using ConfigClients.Conformance;
using ConfigClients.Core.Tests.Simulation;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Core.Tests.Adapters;

/// <summary>What is measured, traced and logged. Each test's store has a name of its own, because everybody listens to the same meter.</summary>
public sealed class TelemetryTests : IDisposable
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);

    private readonly string _store = $"store-{Guid.NewGuid():N}";
    private readonly CapturedTelemetry _telemetry = new();
    private readonly CapturedLog _log = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    private ILogger Logger => _log.CreateLogger("");

    public void Dispose() => _telemetry.Dispose();

    [Fact]
    public async Task Every_call_is_measured_with_its_operation_and_outcome()
    {
        await using RecordingStore inner = new(_store);
        await using ContractStore store = new(inner, TimeProvider.System);

        await store.GetAsync("a", Stop);
        await store.GetValueAsync("a", Stop);
        await store.ListAsync("a", Stop);
        await store.SetAsync("a", default, cancellationToken: Stop);
        await store.DeleteAsync("a", cancellationToken: Stop);
        await store.CommitAsync(new Transaction().Delete("a"), Stop);
        await store.OpenSessionAsync(cancellationToken: Stop);
        inner.Fault = new StoreException(StoreError.StoreFull, "full");
        await Record.ExceptionAsync(async () => await store.SetAsync("a", default, cancellationToken: Stop));
        inner.Fault = new OperationCanceledException();
        await Record.ExceptionAsync(async () => await store.GetAsync("a", Stop));
        inner.Fault = new InvalidOperationException();
        await Record.ExceptionAsync(async () => await store.ListAsync("a", Stop));

        Assert.Equal(
            ["get ok", "get ok", "list ok", "set ok", "delete refused", "commit ok", "open_session ok", "set store_full", "get cancelled", "list failed"],
            Measured("configclients.operation.duration").Select(static tags => $"{tags["operation"]} {tags["outcome"]}"));
    }

    [Fact]
    public async Task Every_call_is_traced_with_its_key_and_a_failed_one_is_an_error()
    {
        await using RecordingStore inner = new(_store);
        await using ContractStore store = new(inner, TimeProvider.System);

        await store.GetAsync("app/a", Stop);
        inner.Fault = new StoreException(StoreError.Denied, "no");
        await Record.ExceptionAsync(async () => await store.ListAsync("app", Stop));

        string[] spans = [.. _telemetry.Lines.Where(line => line.StartsWith($"get {_store} ", StringComparison.Ordinal) || line.StartsWith($"list {_store} ", StringComparison.Ordinal))];
        Assert.Equal(2, spans.Length);
        Assert.Contains($"db.system.name={_store} db.operation.name=get configclients.key=app/a", spans[0], StringComparison.Ordinal);
        Assert.Contains($"list {_store} denied ", spans[1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Each_retry_is_counted()
    {
        int attempts = 0;
        RequestPolicy policy = new(_store, TimeSpan.FromMinutes(1), new HastyTimeProvider(), Logger);

        await policy.ExecuteAsync(
            (_, _) => ++attempts < 4 ? throw new StoreException(StoreError.Throttled, "later") : ValueTask.FromResult(true), 0, isWrite: false, Stop);

        Assert.Equal(3, Measured("configclients.retries").Count());
    }

    [Fact]
    public async Task Batches_gaps_and_silence_of_a_watch_are_measured_and_its_outages_logged()
    {
        StoreException cut = new(StoreError.Unavailable, "cut");
        ScriptedSource source = new ScriptedSource().Act(cut).Act(WatchStep.Idle(1), WatchStep.Gap("compacted")).Act();
        WatchLoop loop = new(source, _store, StoreSimulation.Prefix, new HastyTimeProvider(), Logger, new Random(1));

        await Assert.ThrowsAsync<EndOfScheduleException>(async () =>
        {
            await foreach (WatchBatch _ in loop.RunAsync(Stop))
            {
            }
        });

        Assert.Equal(["snapshot", "stale", "changes", "snapshot", "stale"], Measured("configclients.watch.batches").Select(static tags => tags["kind"]));
        Assert.Single(Measured("configclients.watch.gaps"));
        Assert.True(Measured("configclients.watch.silence").Count() >= 4);
        Assert.Equal(["WatchStale", "WatchLive", "WatchGap", "WatchStale"], _log.Lines.Select(static line => line.Split(' ')[1]).Where(static name => name.StartsWith("Watch", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Every_state_of_a_session_is_counted_and_logged()
    {
        ObservedTimeProvider time = new();
        bool alive = false;
        ScriptedHeartbeat heartbeat = new(_ => Volatile.Read(ref alive) ? Task.FromResult(true) : Task.FromException<bool>(new StoreException(StoreError.Unavailable, "cut")));
        HeartbeatLoop loop = new(heartbeat, _store, "s", Ttl, time.GetTimestamp(), time, Logger);

        await StepAsync(Ttl / 3);
        for (int i = 0; i < 5; i++)
        {
            await StepAsync(Ttl / 12);
        }

        await Eventually.HoldsAsync(() => States().Contains("suspended"));
        Volatile.Write(ref alive, true);
        await StepAsync(Ttl / 12);
        await Eventually.HoldsAsync(() => States().Contains("resumed"));
        await loop.DisposeAsync();
        Assert.Equal(["opened", "suspended", "resumed", "closed"], States());
        HeartbeatLoop lost = new(new ScriptedHeartbeat(ScriptedHeartbeat.Hanging), _store, "s", Ttl, time.GetTimestamp(), time, Logger);
        time.Advance(Ttl);
        await lost.DisposeAsync();

        Assert.Equal(["opened", "suspended", "resumed", "closed", "opened", "lost"], States());
        Assert.Equal(
            ["Warning SessionSuspended", "Information SessionResumed", "Error SessionLost"],
            _log.Lines.Where(static line => !line.StartsWith("Debug", StringComparison.Ordinal)).Select(static line => string.Join(' ', line.Split(' ').Take(2))));

        string?[] States() => [.. Measured("configclients.session.changes").Select(static tags => tags["state"])];

        // One timer for the loss; per beat one to bound it and one to wait for the next.
        async Task StepAsync(TimeSpan by)
        {
            int beats = heartbeat.Beats;
            await time.UntilTimersAsync(2 + (2 * beats));
            time.Advance(by);
            await heartbeat.UntilBeatsAsync(beats + 1);
        }
    }

    [Fact]
    public async Task Nobody_who_listens_costs_nothing_but_the_call()
    {
        _telemetry.Dispose();
        await using RecordingStore inner = new(_store);
        await using ContractStore store = new(inner, TimeProvider.System);

        ValueTask<ConfigEntry?> call = store.GetAsync("a", Stop);

        Assert.True(call.IsCompletedSuccessfully);
        Assert.Empty(Measured("configclients.operation.duration"));
        await call;
    }

    /// <summary>The tags of each measurement of this test's store, oldest first.</summary>
    private IEnumerable<Dictionary<string, string>> Measured(string instrument) => _telemetry.Lines
        .Where(line => line.StartsWith(instrument + " ", StringComparison.Ordinal) && line.Contains($"store={_store}", StringComparison.Ordinal))
        .Select(static line => line.Split(' ').Skip(2).ToDictionary(static pair => pair.Split('=')[0], static pair => pair.Split('=')[1]));
}
