using ConfigClients.Adapters;
using ConfigClients.Conformance;
using ConfigClients.Core.Tests.Simulation;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients.Core.Tests.Adapters;

/// <summary>TTL 15 s: heartbeats every 5 s, trust ends 14.25 s after the last confirmed one was sent.</summary>
public sealed class HeartbeatLoopTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(15);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(14.25);

    private readonly ObservedTimeProvider _time = new();

    [Fact]
    public async Task Confirmed_heartbeats_keep_the_session_up()
    {
        ScriptedHeartbeat heartbeat = new(ScriptedHeartbeat.Confirmed);
        await using HeartbeatLoop loop = Start(heartbeat);

        for (int beat = 1; beat <= 10; beat++)
        {
            // One timer for the loss; per beat one to wait for it and one to bound it.
            await _time.UntilTimersAsync(2 * beat);
            _time.Advance(Interval);
            await heartbeat.UntilBeatsAsync(beat);
        }

        await Eventually.HoldsAsync(() => loop.ValidFor == Trust);
        Assert.Equal((SessionState.Healthy, SessionEndReason.None), (loop.State, loop.EndReason));
    }

    [Fact]
    public async Task Loss_is_raised_on_time_while_a_heartbeat_hangs()
    {
        ScriptedHeartbeat heartbeat = new(_ => new TaskCompletionSource<bool>().Task);
        HeartbeatLoop loop = Start(heartbeat);
        await _time.UntilTimersAsync(2);
        _time.Advance(Interval);
        await heartbeat.UntilBeatsAsync(1);

        _time.Advance(Trust - Interval - TimeSpan.FromMilliseconds(1));
        bool early = loop.Lost.IsCancellationRequested;
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal((false, true), (early, loop.Lost.IsCancellationRequested));
        Assert.Equal((SessionState.Lost, SessionEndReason.DeadlinePassed), (loop.State, loop.EndReason));
    }

    [Fact]
    public async Task Loss_is_raised_on_time_while_heartbeats_fail()
    {
        ScriptedHeartbeat heartbeat = new(ScriptedHeartbeat.Failing(new StoreException(StoreError.Denied, "refused")));
        await using HeartbeatLoop loop = Start(heartbeat);
        await _time.UntilTimersAsync(2);

        SessionState beforeTheEnd = SessionState.Healthy;
        for (int i = 1; i <= 95; i++)
        {
            _time.Advance(Trust / 95);
            beforeTheEnd = i == 94 ? loop.State : beforeTheEnd;
            await Task.Yield();
        }

        Assert.Equal((SessionState.Suspended, SessionEndReason.DeadlinePassed), (beforeTheEnd, loop.EndReason));
        Assert.True(loop.Lost.IsCancellationRequested);
        await heartbeat.UntilBeatsAsync(1);
        Assert.InRange(heartbeat.Beats, 1, 40);
    }

    [Theory]
    [InlineData(StoreError.Denied)]
    [InlineData(StoreError.Unavailable)]
    [InlineData(StoreError.StoreFull)]
    public async Task A_failed_heartbeat_is_tried_again_before_the_next_is_due(StoreError error)
    {
        ScriptedHeartbeat heartbeat = new(ScriptedHeartbeat.Failing(new StoreException(error, "not now")), ScriptedHeartbeat.Confirmed);
        await using HeartbeatLoop loop = Start(heartbeat);
        await _time.UntilTimersAsync(2);
        _time.Advance(Interval);
        await heartbeat.UntilBeatsAsync(1);
        await _time.UntilTimersAsync(4);

        _time.Advance(Interval / 4);
        await heartbeat.UntilBeatsAsync(2);

        await Eventually.HoldsAsync(() => loop.ValidFor == Trust);
    }

    [Fact]
    public async Task A_session_that_the_store_ended_is_lost_at_once()
    {
        ScriptedHeartbeat heartbeat = new(ScriptedHeartbeat.Gone);
        await using HeartbeatLoop loop = Start(heartbeat);
        await _time.UntilTimersAsync(2);

        _time.Advance(Interval);
        await Eventually.HoldsAsync(() => loop.Lost.IsCancellationRequested);

        Assert.Equal((SessionState.Lost, SessionEndReason.EndedByStore, TimeSpan.Zero), (loop.State, loop.EndReason, loop.ValidFor));
    }

    [Fact]
    public async Task A_session_ended_error_means_the_same()
    {
        ScriptedHeartbeat heartbeat = new(ScriptedHeartbeat.Failing(new StoreException(StoreError.SessionEnded, "expired")));
        await using HeartbeatLoop loop = Start(heartbeat);
        await _time.UntilTimersAsync(2);

        _time.Advance(Interval);
        await Eventually.HoldsAsync(() => loop.Lost.IsCancellationRequested);

        Assert.Equal(SessionEndReason.EndedByStore, loop.EndReason);
    }

    [Fact]
    public async Task A_hanging_heartbeat_is_given_up_when_the_next_is_due()
    {
        ScriptedHeartbeat heartbeat = new(ScriptedHeartbeat.Hanging, ScriptedHeartbeat.Confirmed);
        await using HeartbeatLoop loop = Start(heartbeat);
        await _time.UntilTimersAsync(2);
        _time.Advance(Interval);
        await heartbeat.UntilBeatsAsync(1);

        _time.Advance(Interval);
        await _time.UntilTimersAsync(4);
        _time.Advance(Interval / 4);
        await heartbeat.UntilBeatsAsync(2);

        await Eventually.HoldsAsync(() => loop.ValidFor == Trust);
        Assert.Equal(SessionState.Healthy, loop.State);
    }

    [Fact]
    public async Task Callbacks_that_throw_or_block_do_not_stop_the_others()
    {
        ScriptedHeartbeat heartbeat = new(ScriptedHeartbeat.Gone);
        await using HeartbeatLoop loop = Start(heartbeat);
        using ManualResetEventSlim release = new();
        loop.Lost.Register(static () => throw new InvalidOperationException("A callback's own fault."));
        loop.Lost.Register(() => release.Wait(Eventually.Deadline));
        await _time.UntilTimersAsync(2);

        _time.Advance(Interval);
        await Eventually.HoldsAsync(() => loop.Lost.IsCancellationRequested);
        await loop.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);

        Assert.Equal(SessionEndReason.EndedByStore, loop.EndReason);
        release.Set();
    }

    [Fact]
    public async Task Disposing_stops_a_heartbeat_under_way_and_sends_no_more()
    {
        ScriptedHeartbeat heartbeat = new(ScriptedHeartbeat.Hanging);
        HeartbeatLoop loop = Start(heartbeat);
        await _time.UntilTimersAsync(2);
        _time.Advance(Interval);
        await heartbeat.UntilBeatsAsync(1);

        await loop.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        _time.Advance(10 * Ttl);

        Assert.Equal((1, SessionEndReason.Closed, true), (heartbeat.Beats, loop.EndReason, loop.Lost.IsCancellationRequested));
        await loop.DisposeAsync();
    }

    [Fact]
    public async Task A_session_that_took_its_whole_lifetime_to_open_is_lost_from_the_start()
    {
        long openedAt = _time.GetTimestamp();
        _time.Advance(Ttl);

        await using HeartbeatLoop loop = new(new ScriptedHeartbeat(ScriptedHeartbeat.Confirmed), "simulated", "s", Ttl, openedAt, _time, NullLogger.Instance);
        await Eventually.HoldsAsync(() => loop.Lost.IsCancellationRequested);

        Assert.Equal((SessionState.Lost, SessionEndReason.DeadlinePassed), (loop.State, loop.EndReason));
    }

    private HeartbeatLoop Start(ScriptedHeartbeat heartbeat) =>
        new(heartbeat, "simulated", "s", Ttl, _time.GetTimestamp(), _time, NullLogger.Instance);
}
