using ConfigClients.Conformance;
using Etcdserverpb;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Leases and keep-alive streams that lie or break: a session is never believed alive for longer than was proven.</summary>
public sealed class EtcdHostileSessionTests
{
    private static readonly TimeSpan Ttl = TimeSpan.FromSeconds(12);
    private static readonly TimeSpan Trust = TimeSpan.FromSeconds(11.4);
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(4);

    private readonly ObservedTime _time = new();

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(0x77, 0)]
    [InlineData(0x77, -1)]
    [InlineData(0x77, int.MaxValue - 1)]
    [InlineData(0x77, long.MaxValue)]
    [InlineData(0, 15)]
    public async Task A_lease_that_is_none_is_a_violation(long id, long ttl)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<LeaseGrantRequest>("LeaseGrant", _ => new LeaseGrantResponse { Header = EtcdMessages.Header(7), ID = id, TTL = ttl });
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.OpenSessionAsync(cancellationToken: Stop).AsTask());

        Assert.Equal(StoreError.ProtocolViolation, failure.Error);
    }

    [Fact]
    public async Task What_was_granted_is_reported()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<LeaseGrantRequest>("LeaseGrant", _ => new LeaseGrantResponse { Header = EtcdMessages.Header(7), ID = -2, TTL = 75 });
        await using IConfigStore store = server.Open();

        await using IStoreSession session = await store.OpenSessionAsync(cancellationToken: Stop);

        Assert.Equal((TimeSpan.FromSeconds(75), "fffffffffffffffe"), (session.GrantedTtl, session.Id));
    }

    [Fact]
    public async Task A_heartbeat_answered_with_no_ttl_ends_that_session_and_no_other()
    {
        long last = 0x70;
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<LeaseGrantRequest>("LeaseGrant", asked => new LeaseGrantResponse { Header = EtcdMessages.Header(7), ID = Interlocked.Increment(ref last), TTL = asked.TTL });
        server.On("LeaseKeepAlive", async call =>
        {
            while (await call.ReadAsync<LeaseKeepAliveRequest>() is { } beat)
            {
                await call.SendAsync(EtcdMessages.Renewed(beat.ID, beat.ID == 0x71 ? 0 : 12));
            }
        });
        await using IConfigStore store = Open(server);
        await using IStoreSession gone = await OpenAsync(store);
        await using IStoreSession alive = await OpenAsync(store);

        await BeatAsync(sessions: 2);
        await Eventually.HoldsAsync(() => gone.State == SessionState.Lost && alive.ValidFor == Trust);

        Assert.Equal((SessionEndReason.EndedByStore, SessionState.Healthy), (gone.EndReason, alive.State));
        Assert.True(gone.Lost.IsCancellationRequested);
    }

    [Theory]
    [InlineData("for another lease")]
    [InlineData("for less than was granted")]
    public async Task An_answer_that_proves_nothing_does_not_keep_a_session(string what)
    {
        int beats = 0;
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("LeaseKeepAlive", async call =>
        {
            while (await call.ReadAsync<LeaseKeepAliveRequest>() is { } beat)
            {
                await call.SendAsync(what == "for another lease" ? EtcdMessages.Renewed(beat.ID + 1, 12) : EtcdMessages.Renewed(beat.ID, 3));
                Interlocked.Increment(ref beats);
            }
        });
        await using IConfigStore store = Open(server);
        await using IStoreSession session = await OpenAsync(store);

        await BeatAsync();
        await Eventually.HoldsAsync(() => Volatile.Read(ref beats) == 1);
        _time.Advance(Trust - Interval);

        Assert.Equal((SessionState.Lost, SessionEndReason.DeadlinePassed), (session.State, session.EndReason));
    }

    [Fact]
    public async Task A_late_answer_counts_from_when_the_heartbeat_was_sent()
    {
        TaskCompletionSource sent = new(TaskCreationOptions.RunContinuationsAsynchronously);
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("LeaseKeepAlive", async call =>
        {
            LeaseKeepAliveRequest beat = (await call.ReadAsync<LeaseKeepAliveRequest>())!;
            sent.TrySetResult();
            await call.HoldAsync(go.Task);
            await call.SendAsync(EtcdMessages.Renewed(beat.ID, 12));
            await call.HoldAsync();
        });
        await using IConfigStore store = Open(server);
        await using IStoreSession session = await OpenAsync(store);

        await BeatAsync();
        await sent.Task.WaitAsync(Eventually.Deadline, Stop);
        _time.Advance(TimeSpan.FromSeconds(3));
        TimeSpan before = session.ValidFor;
        go.SetResult();
        await Eventually.HoldsAsync(() => session.ValidFor > before);

        Assert.Equal((Trust - Interval - TimeSpan.FromSeconds(3), Trust - TimeSpan.FromSeconds(3)), (before, session.ValidFor));
    }

    [Fact]
    public async Task A_session_whose_heartbeats_are_never_answered_is_lost_on_time()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("LeaseKeepAlive", static call => call.HoldAsync());
        await using IConfigStore store = Open(server);
        await using IStoreSession session = await OpenAsync(store);

        _time.Advance(Trust - TimeSpan.FromMilliseconds(1));
        SessionState before = session.State;
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal((SessionState.Suspended, SessionState.Lost), (before, session.State));
        await Eventually.HoldsAsync(() => session.Lost.IsCancellationRequested);
    }

    [Theory]
    [InlineData("a normal end")]
    [InlineData("status cancelled")]
    [InlineData("status unavailable")]
    [InlineData("status not found")]
    [InlineData("HTML with 200")]
    [InlineData("garbage")]
    [InlineData("a torn message")]
    [InlineData("a message of 65 MiB")]
    [InlineData("a reset, ENHANCE_YOUR_CALM")]
    [InlineData("a cut")]
    public async Task A_keep_alive_stream_that_breaks_costs_one_heartbeat(string how)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("LeaseKeepAlive", async call =>
        {
            bool isFirst = server.Count("LeaseKeepAlive") == 1;
            while (await call.ReadAsync<LeaseKeepAliveRequest>() is { } beat)
            {
                if (isFirst)
                {
                    await BreakAsync(server, call, how, EtcdMessages.Renewed(beat.ID, 12));
                    return;
                }

                await call.SendAsync(EtcdMessages.Renewed(beat.ID, 12));
            }
        });
        await using IConfigStore store = Open(server);
        await using IStoreSession session = await OpenAsync(store);

        await BeatAsync();
        await RetryAsync();
        await Eventually.HoldsAsync(() => session.ValidFor == Trust);

        Assert.Equal((SessionState.Healthy, 2), (session.State, server.Count("LeaseKeepAlive")));
    }

    private IConfigStore Open(ScriptedEtcd server) => server.Open(configure: builder => builder.UseTimeProvider(_time));

    private static ValueTask<IStoreSession> OpenAsync(IConfigStore store) => store.OpenSessionAsync(new StoreSessionOptions { Ttl = Ttl }, Stop);

    /// <summary>Lets time pass until all sessions have sent a heartbeat.</summary>
    private Task BeatAsync(int sessions = 1) => _time.PassAsync(Interval, static wait => wait == Interval, sessions);

    /// <summary>Lets the pause after a heartbeat that failed pass.</summary>
    private Task RetryAsync() => _time.PassAsync(Interval / 4, static wait => wait >= Interval / 8 && wait <= Interval / 4);

    private static Task BreakAsync(ScriptedEtcd server, ScriptedCall call, string how, LeaseKeepAliveResponse good)
    {
        switch (how)
        {
            case "a normal end":
                call.End();
                return Task.CompletedTask;
            case "status cancelled":
                call.End(1, "context canceled");
                return Task.CompletedTask;
            case "status unavailable":
                call.End(14, "etcdserver: no leader");
                return Task.CompletedTask;
            case "status not found":
                // Whose lease it was, a stream for many does not say.
                call.End(5, "etcdserver: requested lease not found");
                return Task.CompletedTask;
            default:
                return BadAnswers.GiveAsync(server, call, how, good);
        }
    }
}
