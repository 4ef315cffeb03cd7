namespace ConfigClients.Conformance;

/// <summary>Conditional writes of one key: exact, and a refusal is an answer.</summary>
public abstract class ConditionConformance(StoreFixture fixture)
{
    [Fact]
    public async Task Absent_has_exactly_one_winner_of_eight()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 4);
        string key = fixture.NewPrefix() + "/seat";

        WriteResult[] results = await clients.RaceAsync(8, (store, racer) => store.SetAsync(key, $"{racer}", Condition.Absent).AsTask());

        int winner = Assert.Single(Enumerable.Range(0, 8), racer => results[racer].Applied);
        Assert.Equal($"{winner}", await clients[0].GetStringAsync(key));
    }

    [Fact]
    public async Task A_refused_write_names_the_key_and_changes_nothing()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        WriteResult first = await store.SetAsync(key, "one");

        WriteResult refused = await store.SetAsync(key, "two", Condition.Absent);
        ConfigEntry? entry = await store.GetAsync(key);

        Assert.Equal(WriteResult.Refused(key), refused);
        Assert.Equal(("one", first.Revision), (entry!.GetString(), entry.Revision));
    }

    [Fact]
    public async Task Absent_refuses_a_key_with_an_empty_value()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/empty";
        await store.SetAsync(key, ReadOnlyMemory<byte>.Empty);

        Assert.False((await store.SetAsync(key, "x", Condition.Absent)).Applied);
    }

    [Fact]
    public async Task Exists_refuses_a_missing_key_and_accepts_any_other()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        WriteResult missing = await store.SetAsync(key, "one", Condition.Exists);
        Assert.Null(await store.GetAsync(key));
        await store.SetAsync(key, ReadOnlyMemory<byte>.Empty);
        WriteResult present = await store.SetAsync(key, "two", Condition.Exists);

        Assert.Equal((false, true), (missing.Applied, present.Applied));
        Assert.Equal("two", await store.GetStringAsync(key));
    }

    [Fact]
    public async Task Unchanged_since_accepts_the_version_that_was_read()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "one");

        ConfigEntry? read = await store.GetAsync(key);
        WriteResult result = await store.SetAsync(key, "two", Condition.UnchangedSince(read!.Revision));

        Assert.True(result.Applied);
        Assert.Equal(result.Revision, (await store.GetAsync(key))!.Revision);
    }

    [Fact]
    public async Task Unchanged_since_accepts_the_version_that_was_written()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        WriteResult result = await store.SetAsync(key, "0");
        for (int i = 1; i <= 10; i++)
        {
            result = await store.SetAsync(key, $"{i}", Condition.UnchangedSince(result.Revision));
            Assert.True(result.Applied);
        }

        Assert.Equal("10", await store.GetStringAsync(key));
    }

    [Fact]
    public async Task Unchanged_since_accepts_the_version_that_was_listed()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "one");

        ConfigEntry listed = Assert.Single((await store.ListAsync(prefix)).Entries);

        Assert.True((await store.SetAsync(prefix + "/a", "two", Condition.UnchangedSince(listed.Revision))).Applied);
    }

    [Fact]
    public async Task Unchanged_since_survives_being_written_down()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "one");

        string text = (await store.GetAsync(key))!.Revision.ToString();

        Assert.True((await store.SetAsync(key, "two", Condition.UnchangedSince(Revision.Parse(text, null)))).Applied);
    }

    [Fact]
    public async Task Unchanged_since_refuses_after_another_write_and_on_a_missing_key()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore other = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        WriteResult read = await store.SetAsync(key, "one");
        await other.SetAsync(key, "two");

        WriteResult changed = await store.SetAsync(key, "three", Condition.UnchangedSince(read.Revision));
        WriteResult missing = await store.SetAsync(key + "/never", "three", Condition.UnchangedSince(read.Revision));

        Assert.Equal((WriteResult.Refused(key), WriteResult.Refused(key + "/never")), (changed, missing));
        Assert.Equal("two", await store.GetStringAsync(key));
        Assert.Null(await store.GetAsync(key + "/never"));
    }

    [Fact]
    public async Task One_revision_succeeds_once_even_with_the_same_bytes()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        WriteResult read = await store.SetAsync(key, "same");

        WriteResult first = await store.SetAsync(key, "same", Condition.UnchangedSince(read.Revision));
        WriteResult second = await store.SetAsync(key, "same", Condition.UnchangedSince(read.Revision));

        Assert.Equal((true, false), (first.Applied, second.Applied));
    }

    [Fact]
    public async Task One_revision_has_one_winner_of_eight_that_write_the_same_bytes()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 4);
        string key = fixture.NewPrefix() + "/a";
        WriteResult read = await clients[0].SetAsync(key, "same");

        WriteResult[] results = await clients.RaceAsync(8, (store, _) => store.SetAsync(key, "same", Condition.UnchangedSince(read.Revision)).AsTask());

        Assert.Single(results, static result => result.Applied);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Unchanged_since_refuses_after_delete_and_re_create(int extraWrites)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore other = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        await WriteAsync(store);
        ConfigEntry? read = await store.GetAsync(key);

        await other.DeleteAsync(key);
        await WriteAsync(other);
        WriteResult set = await store.SetAsync(key, "late", Condition.UnchangedSince(read!.Revision));
        WriteResult delete = await store.DeleteAsync(key, Condition.UnchangedSince(read.Revision));

        Assert.Equal((false, false), (set.Applied, delete.Applied));
        Assert.Equal("same", await store.GetStringAsync(key));

        async Task WriteAsync(IConfigStore writer)
        {
            for (int i = 0; i <= extraWrites; i++)
            {
                await writer.SetAsync(key, "same");
            }
        }
    }
}
