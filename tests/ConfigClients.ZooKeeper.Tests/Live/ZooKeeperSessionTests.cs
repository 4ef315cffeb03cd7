using System.Diagnostics;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>What becomes of a session when servers and networks fail.</summary>
public sealed class ZooKeeperSessionTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_session_that_nobody_uses_is_kept_up()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using ZooKeeperClient client = ZooKeeperClients.Open(server, static options => options.SessionTimeout = TimeSpan.FromSeconds(1.5));
        ZooKeeperClientSession session = await client.ConnectAsync(Stop);
        await client.CreateAsync("/e", null, ZooKeeperCreateMode.Ephemeral, cancellationToken: Stop);
        long start = Stopwatch.GetTimestamp();

        // A state over time: three time-outs of silence, and it was never in doubt.
        await Eventually.HoldsAsync(
            () =>
            {
                Assert.NotEqual(SessionState.Lost, session.State);
                return Stopwatch.GetElapsedTime(start) > TimeSpan.FromSeconds(4.5);
            });

        Assert.Equal((session, session.Id), (client.Session, (await client.ExistsAsync("/e", Stop))!.Value.EphemeralOwner));
    }

    [Fact]
    public async Task The_time_out_granted_is_reported_not_the_one_asked_for()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using ZooKeeperClient client = ZooKeeperClients.Open(server, static options => options.SessionTimeout = TimeSpan.FromHours(1));

        Assert.Equal(TimeSpan.FromSeconds(60), (await client.ConnectAsync(Stop)).Timeout);
    }

    [Fact] // F1
    public async Task A_kill_and_a_quick_restart_keep_the_session_and_its_nodes()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using ZooKeeperClient client = ZooKeeperClients.Open(server, static options => options.SessionTimeout = TimeSpan.FromSeconds(40));
        await client.CreateAsync("/e", null, ZooKeeperCreateMode.Ephemeral, cancellationToken: Stop);
        ZooKeeperClientSession session = client.Session!;

        await server.KillAsync();
        await Eventually.HoldsAsync(() => client.State == ZooKeeperState.Connecting);
        await server.RestartAsync();

        Assert.Equal(session.Id, (await client.ExistsAsync("/e", Stop))!.Value.EphemeralOwner);
        Assert.Equal((session, SessionState.Healthy), (client.Session, session.State));
    }

    [Fact] // F2, F4
    public async Task A_server_silent_for_longer_than_the_time_out_costs_the_session_on_time_by_our_own_clock()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using ZooKeeperClient client = ZooKeeperClients.Open(server, static options => options.SessionTimeout = TimeSpan.FromSeconds(4));
        await client.CreateAsync("/e", null, ZooKeeperCreateMode.Ephemeral, cancellationToken: Stop);
        ZooKeeperClientSession session = client.Session!;
        await using ZooKeeperSubscription watch = await client.SubscribeAsync("/e", ZooKeeperWatchMode.Node, Stop);

        await server.PauseAsync();
        Task<ZooKeeperCreated> bound = client.CreateAsync(
            "/late", null, options: new ZooKeeperCreateOptions { Session = session }, cancellationToken: Stop).AsTask();
        await Eventually.HoldsAsync(() => session.Lost.IsCancellationRequested, TimeSpan.FromSeconds(6));
        bool knewBeforeTheServer = session is { State: SessionState.Lost, EndReason: SessionEndReason.DeadlinePassed, ValidFor.Ticks: 0 };
        await server.ResumeAsync();
        ZooKeeperClientSession next = await client.ConnectAsync(Stop);
        await Eventually.ReadAsync(async () => await client.ExistsAsync("/e", Stop), static stat => stat is null);

        Assert.True(knewBeforeTheServer);
        Assert.NotEqual(session.Id, next.Id);
        Assert.Equal(SessionState.Lost, session.State);

        // The first write may have been on its way when the server fell silent; then its outcome is unknown.
        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => bound);
        Assert.True(failure is { Error: ZooKeeperError.ConnectionLoss, MayHaveApplied: true } or { Error: ZooKeeperError.SessionExpired, MayHaveApplied: false }, $"{failure}");
        ZooKeeperException refused = await Assert.ThrowsAsync<ZooKeeperException>(
            () => client.SetDataAsync("/", null, session: session, cancellationToken: Stop).AsTask());
        Assert.Equal((ZooKeeperError.SessionExpired, false), (refused.Error, refused.MayHaveApplied));
        Assert.Contains((await ZooKeeperChrootTests.ReadAsync(watch, 2)), static happened => happened.Reason == ZooKeeperResyncReason.NewSession);
    }

    [Fact] // F2: the server would have kept it for another time-out after its own restart.
    public async Task A_session_given_up_here_is_ended_there_as_soon_as_a_server_is_back()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using ZooKeeperClient client = ZooKeeperClients.Open(server, static options => options.SessionTimeout = TimeSpan.FromSeconds(3));
        await client.CreateAsync("/e", null, ZooKeeperCreateMode.Ephemeral, cancellationToken: Stop);
        ZooKeeperClientSession session = client.Session!;

        await server.KillAsync();
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost);
        await server.RestartAsync();
        await client.ConnectAsync(Stop);

        // Not after a while: before the new session was open.
        Assert.Null(await client.ExistsAsync("/e", Stop));
    }

    [Fact] // F31
    public async Task A_session_that_the_server_expired_ends_once_and_a_new_one_serves()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        await using ZooKeeperClient client = ZooKeeperClients.Open(proxy, static options => options.SessionTimeout = TimeSpan.FromSeconds(20));
        ZooKeeperClientSession session = await client.ConnectAsync(Stop);
        await using ZooKeeperSubscription watch = await client.SubscribeAsync("/w", ZooKeeperWatchMode.Node, Stop);

        // Somebody else who has its number and its password ends it.
        await ForeignEnd.OfAsync(session, server);
        await Eventually.HoldsAsync(() => session.State == SessionState.Lost);
        await client.CreateAsync("/w", null, cancellationToken: Stop);

        Assert.Equal(SessionEndReason.EndedByStore, session.EndReason);
        Assert.Equal(
            [ZooKeeperEventKind.Disconnected, ZooKeeperEventKind.Resync, ZooKeeperEventKind.Created],
            (await ZooKeeperChrootTests.ReadAsync(watch, 3)).Select(static happened => happened.Kind));
    }

    [Fact] // F14
    public async Task A_peer_that_vanishes_silently_is_noticed_within_two_thirds_of_the_time_out()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using FaultProxy proxy = FaultProxy.Start(server.Endpoint);
        await using ZooKeeperClient client = ZooKeeperClients.Open(proxy, static options => options.SessionTimeout = TimeSpan.FromSeconds(6));
        ZooKeeperClientSession session = await client.ConnectAsync(Stop);

        proxy.BlackHoleEstablished();
        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/", null, cancellationToken: Stop).AsTask());
        await client.SetDataAsync("/", null, cancellationToken: Stop);

        Assert.Equal((ZooKeeperError.ConnectionLoss, true), (failure.Error, failure.MayHaveApplied));
        Assert.Same(session, client.Session);
    }

    [Fact] // F9
    public async Task A_wiped_server_is_recognised()
    {
        await using ZooKeeperBackend old = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using ZooKeeperBackend wiped = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using SwitchedProxy proxy = SwitchedProxy.Start(old, wiped);
        await using ZooKeeperClient client = proxy.Connect(static options => options.SessionTimeout = TimeSpan.FromSeconds(3));
        for (int i = 0; i < 20; i++)
        {
            await client.CreateAsync($"/{i}", null, cancellationToken: Stop);
        }

        ZooKeeperClientSession session = client.Session!;
        long seen = client.LastZxid;
        await using ZooKeeperSubscription watch = await client.SubscribeAsync("/0", ZooKeeperWatchMode.Node, Stop);

        proxy.Switch();
        List<ZooKeeperEvent> told = [];
        while (!told.Any(static happened => happened.Kind == ZooKeeperEventKind.Resync))
        {
            told.AddRange(await ZooKeeperChrootTests.ReadAsync(watch, 1));
        }

        Assert.Equal(ZooKeeperResyncReason.StoreReset, told[^1].Reason);
        Assert.Null(await client.ExistsAsync("/0", Stop));
        Assert.True(client.LastZxid < seen);
        Assert.Equal(SessionState.Lost, session.State);
        await client.CreateAsync("/0", null, cancellationToken: Stop);
        Assert.Equal(ZooKeeperEventKind.Created, (await ZooKeeperChrootTests.ReadAsync(watch, 1))[0].Kind);
    }

    [Fact] // F52
    public async Task Disposing_with_a_dead_server_takes_a_moment_and_no_longer()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        ZooKeeperClient client = ZooKeeperClients.Open(server);
        await client.ConnectAsync(Stop);
        await server.PauseAsync();
        Task<ZooKeeperStat> pending = client.SetDataAsync("/", null, cancellationToken: Stop).AsTask();
        long start = Stopwatch.GetTimestamp();

        await client.DisposeAsync();

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 5);
        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => pending);
        Assert.Equal((ZooKeeperError.Closed, true), (failure.Error, failure.MayHaveApplied));
        await server.ResumeAsync();
    }

    [Fact]
    public async Task Disposing_while_no_server_can_be_reached_ends_what_waits()
    {
        ZooKeeperClientOptions options = ZooKeeperClientOptions.Parse("127.0.0.1:1");
        ZooKeeperClient client = new(options);
        Task<ZooKeeperNode?> waiting = client.GetDataAsync("/a", Stop).AsTask();

        await client.DisposeAsync();

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => waiting);
        Assert.Equal((ZooKeeperError.Closed, false), (failure.Error, failure.MayHaveApplied));
    }

    [Fact] // F55
    public async Task Without_a_server_a_call_ends_at_its_time_out_and_says_why()
    {
        ZooKeeperClientOptions options = ZooKeeperClientOptions.Parse("127.0.0.1:1");
        options.RequestTimeout = TimeSpan.FromSeconds(1);
        await using ZooKeeperClient client = new(options);

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/a", null, cancellationToken: Stop).AsTask());

        Assert.Equal((ZooKeeperError.ConnectionLoss, false, true), (failure.Error, failure.MayHaveApplied, failure.IsTransient));
        Assert.Contains("127.0.0.1:1", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Listeners_hear_every_state_in_order_and_one_that_throws_harms_nobody()
    {
        List<ZooKeeperState> states = [];
        await using (ZooKeeperClient client = ZooKeeperClients.Open(await SharedZooKeeper.GetAsync()))
        {
            client.StateChanged += static _ => throw new InvalidOperationException();
            client.StateChanged += state =>
            {
                lock (states)
                {
                    states.Add(state);
                }
            };
            await client.ConnectAsync(Stop);
        }

        await Eventually.HoldsAsync(() => states.Count >= 3);
        Assert.Equal([ZooKeeperState.Connecting, ZooKeeperState.Connected, ZooKeeperState.Closed], states);
    }
}
