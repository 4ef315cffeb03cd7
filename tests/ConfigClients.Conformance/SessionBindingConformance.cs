namespace ConfigClients.Conformance;

/// <summary>Who may bind a key to a session, and what keeps it bound.</summary>
public abstract class SessionBindingConformance(StoreFixture fixture)
{
    [Fact]
    public async Task A_permanent_key_cannot_be_bound()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync();
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "permanent");

        WriteResult result = await store.SetAsync(key, "bound", session: session);
        ConfigEntry? entry = await store.GetAsync(key);

        Assert.Equal(WriteResult.Refused(key), result);
        Assert.Equal(("permanent", null), (entry!.GetString(), entry.SessionId));
    }

    [Fact]
    public async Task The_same_session_may_write_its_key_again()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync();
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "one", session: session);
        ConfigEntry? before = await store.GetAsync(key);

        WriteResult result = await store.SetAsync(key, "two", session: session);
        ConfigEntry? after = await store.GetAsync(key);

        Assert.True(result.Applied);
        Assert.Equal(("two", session.Id, before!.CreateRevision), (after!.GetString(), after.SessionId, after.CreateRevision));
    }

    [Fact]
    public async Task Another_session_may_not_take_the_key()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        await using IStoreSession owner = await clients[0].OpenSessionAsync();
        await using IStoreSession sibling = await clients[0].OpenSessionAsync();
        await using IStoreSession stranger = await clients[1].OpenSessionAsync();
        string key = fixture.NewPrefix() + "/a";
        await clients[0].SetAsync(key, "mine", session: owner);

        WriteResult first = await clients[0].SetAsync(key, "sibling's", session: sibling);
        WriteResult second = await clients[1].SetAsync(key, "stranger's", session: stranger);

        Assert.Equal((WriteResult.Refused(key), WriteResult.Refused(key)), (first, second));
        Assert.Equal(("mine", owner.Id), ((await clients[1].GetAsync(key))!.GetString(), (await clients[1].GetAsync(key))!.SessionId));
    }

    [Fact]
    public async Task A_plain_write_keeps_the_binding()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        IStoreSession session = await clients[0].OpenSessionAsync();
        string key = fixture.NewPrefix() + "/a";
        await clients[0].SetAsync(key, "one", session: session);

        await clients[1].SetAsync(key, "two");
        await clients[1].CommitAsync(new Transaction().Set(key, TestValues.Of("three")));
        ConfigEntry? entry = await clients[1].GetAsync(key);
        await clients[1].SetAsync(key, "four", Condition.UnchangedSince(entry!.Revision));

        Assert.Equal(session.Id, (await clients[0].GetAsync(key))!.SessionId);
        await session.DisposeAsync();
        await Eventually.GoneAsync(clients[1], key, TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task Absent_lets_one_of_eight_sessions_take_the_seat()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 4);
        string key = fixture.NewPrefix() + "/seat";
        IStoreSession[] sessions = await clients.RaceAsync(8, static (store, _) => store.OpenSessionAsync().AsTask());

        WriteResult[] results = await clients.RaceAsync(8, (store, racer) => store.SetAsync(key, "x", Condition.Absent, sessions[racer]).AsTask());

        int winner = Assert.Single(Enumerable.Range(0, 8), racer => results[racer].Applied);
        Assert.Equal(sessions[winner].Id, (await clients[0].GetAsync(key))!.SessionId);
        foreach (IStoreSession session in sessions)
        {
            await session.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_key_that_others_deleted_is_no_longer_held()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        await using IStoreSession session = await clients[0].OpenSessionAsync();
        string key = fixture.NewPrefix() + "/a";
        await clients[0].SetAsync(key, "seat", session: session);

        WriteResult deleted = await clients[1].DeleteAsync(key);
        WriteResult afterDelete = await clients[0].SetAsync(key, "mine", Condition.HeldBy(session));
        await clients[1].SetAsync(key, "permanent now");
        WriteResult afterCreate = await clients[0].SetAsync(key, "mine", Condition.HeldBy(session));

        Assert.Equal((true, WriteResult.Refused(key), WriteResult.Refused(key)), (deleted.Applied, afterDelete, afterCreate));
        Assert.Equal(("permanent now", null), ((await clients[0].GetAsync(key))!.GetString(), (await clients[0].GetAsync(key))!.SessionId));
    }

    [Fact]
    public async Task A_key_that_became_permanent_outlives_the_session_it_was_bound_to()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        IStoreSession session = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "bound", session: session);
        await store.SetAsync(prefix + "/b", "bound", session: session);
        await store.DeleteAsync(prefix + "/a");
        await store.SetAsync(prefix + "/a", "permanent");

        await session.DisposeAsync();
        await Eventually.GoneAsync(store, prefix + "/b");

        Assert.Equal("permanent", await store.GetStringAsync(prefix + "/a"));
    }

    [Fact]
    public async Task Held_by_accepts_the_holder_and_refuses_everybody_else()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession holder = await store.OpenSessionAsync();
        await using IStoreSession other = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/seat", "x", session: holder);
        await store.SetAsync(prefix + "/permanent", "x");

        WriteResult byOther = await store.SetAsync(prefix + "/seat", "other", Condition.HeldBy(other));
        WriteResult deleteByOther = await store.DeleteAsync(prefix + "/seat", Condition.HeldBy(other));
        WriteResult permanent = await store.SetAsync(prefix + "/permanent", "y", Condition.HeldBy(holder));
        WriteResult missing = await store.SetAsync(prefix + "/missing", "y", Condition.HeldBy(holder));
        WriteResult byHolder = await store.SetAsync(prefix + "/seat", "holder", Condition.HeldBy(holder));
        ConfigEntry? seat = await store.GetAsync(prefix + "/seat");
        WriteResult deleteByHolder = await store.DeleteAsync(prefix + "/seat", Condition.HeldBy(holder));

        Assert.Equal((false, false, false, false), (byOther.Applied, deleteByOther.Applied, permanent.Applied, missing.Applied));
        Assert.Equal((true, true), (byHolder.Applied, deleteByHolder.Applied));
        Assert.Equal(("holder", holder.Id), (seat!.GetString(), seat.SessionId));
        Assert.Equal([prefix + "/permanent"], (await store.ListAsync(prefix)).Entries.Select(static entry => entry.Key));
    }

    [Fact]
    public async Task A_write_fenced_by_a_seat_is_refused_once_the_seat_is_gone()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/seat", "x", session: session);

        WriteResult standing = await FencedAsync("one");
        await store.DeleteAsync(prefix + "/seat");
        WriteResult gone = await FencedAsync("two");

        Assert.Equal((true, WriteResult.Refused(prefix + "/seat")), (standing.Applied, gone));
        Assert.Equal("one", await store.GetStringAsync(prefix + "/data"));

        ValueTask<WriteResult> FencedAsync(string value) => store.CommitAsync(
            new Transaction().Require(prefix + "/seat", Condition.HeldBy(session)).Set(prefix + "/data", TestValues.Of(value)));
    }
}
