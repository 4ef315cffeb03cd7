namespace ConfigClients.Conformance;

/// <summary>P3: a write under a session that is over fails and leaves nothing behind.</summary>
public abstract class SessionEndConformance(StoreFixture fixture)
{
    [Fact]
    public async Task A_write_under_a_closed_session_fails_and_leaves_nothing()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        IStoreSession session = await store.OpenSessionAsync();
        string key = fixture.NewPrefix() + "/a";
        await session.DisposeAsync();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(async () => await store.SetAsync(key, "x", session: session));

        Assert.Equal((StoreError.SessionEnded, false, false), (failure.Error, failure.MayHaveApplied, failure.IsTransient));
        Assert.Null(await store.GetAsync(key));
    }

    [Fact]
    public async Task A_commit_under_a_closed_session_fails_and_leaves_nothing()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        IStoreSession session = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        await session.DisposeAsync();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(
            new Transaction().Set(prefix + "/plain", TestValues.Of("x")).Set(prefix + "/bound", TestValues.Of("x"), session)));

        Assert.Equal((StoreError.SessionEnded, false), (failure.Error, failure.MayHaveApplied));
        Assert.Empty((await store.ListAsync(prefix)).Entries);
    }

    [Fact]
    public async Task A_write_fenced_by_a_closed_session_is_not_applied()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        IStoreSession session = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/seat", "x", session: session);
        await session.DisposeAsync();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(async () => await store.CommitAsync(
            new Transaction().Require(prefix + "/seat", Condition.HeldBy(session)).Set(prefix + "/data", TestValues.Of("late"))));

        Assert.Equal((StoreError.SessionEnded, false), (failure.Error, failure.MayHaveApplied));
        Assert.Null(await store.GetAsync(prefix + "/data"));
    }

    [Fact]
    public async Task Writes_that_race_with_the_end_leave_nothing_behind()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);

        for (int round = 0; round < 10; round++)
        {
            string prefix = fixture.NewPrefix();
            IStoreSession session = await clients[0].OpenSessionAsync();
            Task<Exception?[]> writing = Task.WhenAll(Enumerable.Range(0, 16).Select(i => Record.ExceptionAsync(async () => await WriteAsync(prefix, i, session)).AsTask()));
            await session.DisposeAsync();
            Exception?[] failures = await writing;

            Assert.All(failures, static failure => Assert.True(failure is null or StoreException { Error: StoreError.SessionEnded, MayHaveApplied: false }, $"{failure}"));
            await Eventually.ReadAsync(() => clients[1].ListAsync(prefix).AsTask(), static listing => listing.Entries.Count == 0, TimeSpan.FromSeconds(5));
        }

        async Task WriteAsync(string prefix, int number, IStoreSession session)
        {
            await Task.Yield();
            await (number % 2 == 0
                ? clients[0].SetAsync($"{prefix}/{number}", "x", session: session)
                : clients[0].CommitAsync(new Transaction().Set($"{prefix}/{number}", TestValues.Of("x"), session)));
        }
    }

    [Fact]
    public async Task A_new_session_takes_the_keys_of_one_that_ended()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/seat";
        long before = 0;

        for (int i = 0; i < 5; i++)
        {
            IStoreSession session = await store.OpenSessionAsync();
            WriteResult result = await Eventually.ReadAsync(
                () => store.SetAsync(key, $"{i}", Condition.Absent, session).AsTask(), static result => result.Applied, TimeSpan.FromSeconds(5));
            ConfigEntry? seat = await store.GetAsync(key);

            Assert.True(result.Applied);
            Assert.Equal(session.Id, seat!.SessionId);
            Assert.True(seat.CreateRevision > before);
            before = seat.CreateRevision;
            await session.DisposeAsync();
        }
    }
}
