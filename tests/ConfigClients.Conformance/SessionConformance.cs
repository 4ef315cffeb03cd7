namespace ConfigClients.Conformance;

/// <summary>P2: a session's keys live as long as the session does.</summary>
public abstract class SessionConformance(StoreFixture fixture)
{
    [Fact]
    public async Task A_new_session_is_healthy_and_says_what_was_granted()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = TimeSpan.FromSeconds(20), Name = "conformance" });

        Assert.NotEmpty(session.Id);
        Assert.InRange(session.GrantedTtl, StoreSessionOptions.MinTtl, StoreSessionOptions.MaxTtl);
        Assert.Equal((SessionState.Healthy, SessionEndReason.None, false), (session.State, session.EndReason, session.Lost.IsCancellationRequested));
        Assert.InRange(session.ValidFor, TimeSpan.FromSeconds(1), session.GrantedTtl);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(40)]
    public async Task The_shortest_and_the_longest_lifetime_are_granted(int seconds)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync(new StoreSessionOptions { Ttl = TimeSpan.FromSeconds(seconds) });

        Assert.InRange(session.GrantedTtl, StoreSessionOptions.MinTtl, StoreSessionOptions.MaxTtl);
    }

    [Fact]
    public async Task Every_session_has_its_own_id()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        await using IStoreSession one = await clients[0].OpenSessionAsync();
        await using IStoreSession two = await clients[0].OpenSessionAsync();
        await using IStoreSession three = await clients[1].OpenSessionAsync();

        Assert.Equal(3, ((string[])[one.Id, two.Id, three.Id]).Distinct().Count());
    }

    [Fact]
    public async Task A_session_bound_key_names_its_session()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        await using IStoreSession session = await clients[0].OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        await using WatchRecorder watch = await WatchRecorder.StartAsync(clients[1], prefix);

        await clients[0].SetAsync(prefix + "/a", "mine", session: session);
        await watch.UntilAsync(prefix + "/a", "mine");

        Assert.Equal(session.Id, (await clients[0].GetAsync(prefix + "/a"))!.SessionId);
        Assert.Equal(session.Id, (await clients[1].GetAsync(prefix + "/a"))!.SessionId);
        Assert.Equal(session.Id, Assert.Single((await clients[0].ListAsync(prefix)).Entries).SessionId);
        Assert.Equal(session.Id, watch.Find(prefix + "/a")!.SessionId);
    }

    [Fact]
    public async Task The_keys_of_a_session_vanish_when_it_is_disposed()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string prefix = fixture.NewPrefix();
        await using IStoreSession session = await clients[0].OpenSessionAsync();
        for (int i = 0; i < 20; i++)
        {
            await clients[0].SetAsync($"{prefix}/{i}", "mine", session: session);
        }

        await using WatchRecorder watch = await WatchRecorder.StartAsync(clients[1], prefix);
        await session.DisposeAsync();

        await Eventually.ReadAsync(() => clients[1].ListAsync(prefix).AsTask(), static listing => listing.Entries.Count == 0, TimeSpan.FromSeconds(5));
        await watch.UntilConvergedAsync(clients[1], prefix);
    }

    [Fact]
    public async Task Only_the_keys_of_the_session_that_ended_vanish()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await using IStoreSession ended = await store.OpenSessionAsync();
        await using IStoreSession other = await store.OpenSessionAsync();
        await store.SetAsync(prefix + "/ended", "x", session: ended);
        await store.SetAsync(prefix + "/other", "x", session: other);
        await store.SetAsync(prefix + "/permanent", "x");

        await ended.DisposeAsync();
        await Eventually.GoneAsync(store, prefix + "/ended");

        Assert.Equal([prefix + "/other", prefix + "/permanent"], (await store.ListAsync(prefix)).Entries.Select(static entry => entry.Key));
        Assert.Equal(SessionState.Healthy, other.State);
    }

    [Fact]
    public async Task A_disposed_session_is_over_and_says_why()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        IStoreSession session = await store.OpenSessionAsync();
        TaskCompletionSource told = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using CancellationTokenRegistration registration = session.Lost.Register(told.SetResult);

        await session.DisposeAsync();
        await told.Task.WaitAsync(Eventually.Deadline);

        Assert.Equal((SessionState.Lost, TimeSpan.Zero, SessionEndReason.Closed), (session.State, session.ValidFor, session.EndReason));
        Assert.True(session.Lost.IsCancellationRequested);
    }

    [Fact]
    public async Task A_callback_that_throws_or_blocks_does_not_hold_up_the_end()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        IStoreSession session = await store.OpenSessionAsync();
        await store.SetAsync(key, "x", session: session);
        using ManualResetEventSlim release = new();
        session.Lost.Register(static () => throw new InvalidOperationException("A callback's own fault."));
        session.Lost.Register(() => release.Wait(Eventually.Deadline));

        await session.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(5));

        await Eventually.GoneAsync(store, key, TimeSpan.FromSeconds(5));
        release.Set();
    }

    [Fact]
    public async Task A_session_can_be_disposed_twice_and_at_once()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        IStoreSession session = await store.OpenSessionAsync();

        await Task.WhenAll(session.DisposeAsync().AsTask(), session.DisposeAsync().AsTask());
        await session.DisposeAsync();

        Assert.Equal(SessionEndReason.Closed, session.EndReason);
    }

    [Fact]
    [Trait("Speed", "Slow")]
    public async Task Heartbeats_keep_a_session_up_beyond_its_lifetime()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string key = fixture.NewPrefix() + "/a";
        await using IStoreSession session = await clients[0].OpenSessionAsync(new StoreSessionOptions { Ttl = StoreSessionOptions.MinTtl });
        await clients[0].SetAsync(key, "x", session: session);
        TimeSpan held = (session.GrantedTtl * 1.5 * clients[0].Limits.SessionEndFactor) + clients[0].Limits.SessionEndSlack;
        TimeSpan end = TimeSpan.FromMilliseconds(Environment.TickCount64) + held;

        List<string> faults = [];
        await Eventually.ReadAsync(
            async () =>
            {
                ConfigEntry? entry = await clients[1].GetAsync(key);
                if (entry?.SessionId != session.Id || session.State != SessionState.Healthy || session.ValidFor <= TimeSpan.Zero)
                {
                    faults.Add($"{entry?.SessionId ?? "gone"} {session.State} {session.ValidFor}");
                }

                return TimeSpan.FromMilliseconds(Environment.TickCount64);
            },
            now => now >= end || faults.Count > 0,
            held * 2);

        Assert.Empty(faults);
    }
}
