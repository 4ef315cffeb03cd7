namespace ConfigClients.Conformance;

/// <summary>Transactions: all or nothing.</summary>
public abstract class CommitConformance(StoreFixture fixture)
{
    [Fact]
    public async Task All_writes_take_place_under_one_revision()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/changed", "old");
        await store.SetAsync(prefix + "/deleted", "old");

        WriteResult result = await store.CommitAsync(new Transaction()
            .Set(prefix + "/changed", TestValues.Of("new"))
            .Set(prefix + "/created", TestValues.Of("new"))
            .Set(prefix + "/empty", ReadOnlyMemory<byte>.Empty)
            .Delete(prefix + "/deleted"));
        ConfigSnapshot listing = await store.ListAsync(prefix);

        Assert.Equal((true, null), (result.Applied, result.RefusedKey));
        Assert.Equal([("/changed", 3), ("/created", 3), ("/empty", 0)], listing.Entries.Select(entry => (entry.Key[prefix.Length..], entry.Value.Length)));
        Assert.All(listing.Entries, entry => Assert.Equal(result.Revision.Number, entry.Revision.Number));
    }

    [Fact]
    public async Task A_refused_commit_leaves_everything_as_it_was()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "old");
        ConfigEntry? before = await store.GetAsync(prefix + "/a");

        WriteResult result = await store.CommitAsync(new Transaction()
            .Set(prefix + "/a", TestValues.Of("new"))
            .Set(prefix + "/b", TestValues.Of("new"))
            .Delete(prefix + "/a/child")
            .Require(prefix + "/c", Condition.Exists));
        ConfigEntry after = Assert.Single((await store.ListAsync(prefix)).Entries);

        Assert.Equal(WriteResult.Refused(prefix + "/c"), result);
        Assert.Equal(("old", before!.Revision), (after.GetString(), after.Revision));
    }

    [Fact]
    public async Task The_first_key_whose_condition_does_not_hold_is_named()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/z", "there");

        WriteResult result = await store.CommitAsync(new Transaction()
            .Require(prefix + "/z", Condition.Exists)
            .Require(prefix + "/m", Condition.Exists)
            .Require(prefix + "/a", Condition.Exists)
            .Set(prefix + "/a", TestValues.Of("x")));

        Assert.Equal(WriteResult.Refused(prefix + "/m"), result);
    }

    [Fact]
    public async Task Every_kind_of_condition_can_hold()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/there", "x");
        WriteResult read = await store.SetAsync(prefix + "/read", "x");
        await store.SetAsync(prefix + "/seat", "x", session: session);

        WriteResult result = await store.CommitAsync(new Transaction()
            .Require(prefix + "/there", Condition.Exists)
            .Require(prefix + "/missing", Condition.Absent)
            .Require(prefix + "/read", Condition.UnchangedSince(read.Revision))
            .Require(prefix + "/seat", Condition.HeldBy(session))
            .Set(prefix + "/written", TestValues.Of("x")));

        Assert.True(result.Applied);
        Assert.NotNull(await store.GetAsync(prefix + "/written"));
    }

    [Theory]
    [InlineData(ConditionKind.Exists)]
    [InlineData(ConditionKind.Absent)]
    [InlineData(ConditionKind.UnchangedSince)]
    [InlineData(ConditionKind.HeldBy)]
    public async Task Every_kind_of_condition_can_refuse(ConditionKind kind)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        WriteResult old = await store.SetAsync(prefix + "/there", "x");
        await store.SetAsync(prefix + "/there", "x");
        (string key, Condition condition) = kind switch
        {
            ConditionKind.Exists => (prefix + "/missing", Condition.Exists),
            ConditionKind.Absent => (prefix + "/there", Condition.Absent),
            ConditionKind.UnchangedSince => (prefix + "/there", Condition.UnchangedSince(old.Revision)),
            _ => (prefix + "/there", Condition.HeldBy(session)),
        };

        WriteResult result = await store.CommitAsync(new Transaction().Require(key, condition).Set(prefix + "/written", TestValues.Of("x")));

        Assert.Equal(WriteResult.Refused(key), result);
        Assert.Null(await store.GetAsync(prefix + "/written"));
    }

    [Fact]
    public async Task A_condition_and_a_write_may_share_a_key()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        WriteResult created = await store.CommitAsync(new Transaction().Require(key, Condition.Absent).Set(key, TestValues.Of("one")));
        WriteResult again = await store.CommitAsync(new Transaction().Require(key, Condition.Absent).Set(key, TestValues.Of("two")));
        Revision read = (await store.GetAsync(key))!.Revision;
        WriteResult deleted = await store.CommitAsync(new Transaction().Require(key, Condition.UnchangedSince(read)).Delete(key));

        Assert.Equal((true, WriteResult.Refused(key), true), (created.Applied, again, deleted.Applied));
        Assert.Null(await store.GetAsync(key));
    }

    [Fact]
    public async Task A_commit_refuses_after_delete_and_re_create()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        WriteResult read = await store.SetAsync(key, "same");
        await store.DeleteAsync(key);
        await store.SetAsync(key, "same");

        WriteResult result = await store.CommitAsync(new Transaction().Require(key, Condition.UnchangedSince(read.Revision)).Set(key, TestValues.Of("late")));

        Assert.Equal(WriteResult.Refused(key), result);
    }

    [Fact]
    public async Task A_commit_of_the_same_bytes_makes_a_new_revision()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        WriteResult before = await store.SetAsync(key, "same");

        WriteResult first = await store.CommitAsync(new Transaction().Require(key, Condition.UnchangedSince(before.Revision)).Set(key, TestValues.Of("same")));
        WriteResult second = await store.CommitAsync(new Transaction().Require(key, Condition.UnchangedSince(before.Revision)).Set(key, TestValues.Of("same")));

        Assert.Equal((true, false), (first.Applied, second.Applied));
        Assert.True(first.Revision > before.Revision);
    }

    [Fact]
    public async Task Conditions_alone_can_be_committed()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        WriteResult holds = await store.CommitAsync(new Transaction().Require(key, Condition.Absent));
        WriteResult fails = await store.CommitAsync(new Transaction().Require(key, Condition.Exists));

        Assert.Equal((WriteResult.Done(), WriteResult.Refused(key)), (holds, fails));
    }

    [Fact]
    public async Task Deleting_a_missing_key_refuses_no_commit()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();

        WriteResult result = await store.CommitAsync(new Transaction().Delete(prefix + "/missing").Delete(prefix + "/deep/missing").Set(prefix + "/a", TestValues.Of("x")));

        Assert.True(result.Applied);
        Assert.NotNull(await store.GetAsync(prefix + "/a"));
    }

    [Fact]
    public async Task Racing_commits_that_create_the_same_keys_have_one_winner()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 4);
        string prefix = fixture.NewPrefix();

        WriteResult[] results = await clients.RaceAsync(8, (store, racer) => store.CommitAsync(new Transaction()
            .Require(prefix + "/a", Condition.Absent)
            .Set(prefix + "/a", TestValues.Of($"{racer}"))
            .Set(prefix + "/b", TestValues.Of($"{racer}"))).AsTask());

        int winner = Assert.Single(Enumerable.Range(0, 8), racer => results[racer].Applied);
        Assert.Equal([$"{winner}", $"{winner}"], (await clients[0].ListAsync(prefix)).Entries.Select(static entry => entry.GetString()));
    }
}
