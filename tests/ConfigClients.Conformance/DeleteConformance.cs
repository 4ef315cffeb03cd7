namespace ConfigClients.Conformance;

/// <summary>Conditional deletes of one key.</summary>
public abstract class DeleteConformance(StoreFixture fixture)
{
    public static TheoryData<string> Conditions => ["none", "exists", "absent", "unchanged"];

    [Theory]
    [MemberData(nameof(Conditions))]
    public async Task Deleting_a_missing_key_is_not_applied_whatever_the_condition(string name)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        WriteResult elsewhere = await store.SetAsync(key + "-other", "x");
        Condition condition = name switch
        {
            "none" => Condition.None,
            "exists" => Condition.Exists,
            "absent" => Condition.Absent,
            _ => Condition.UnchangedSince(elsewhere.Revision),
        };

        WriteResult result = await store.DeleteAsync(key, condition);

        Assert.Equal(WriteResult.Refused(key), result);
    }

    [Fact]
    public async Task Unchanged_since_deletes_the_version_that_was_read_and_no_other()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        WriteResult first = await store.SetAsync(key, "one");
        WriteResult second = await store.SetAsync(key, "one");

        WriteResult late = await store.DeleteAsync(key, Condition.UnchangedSince(first.Revision));
        Assert.NotNull(await store.GetAsync(key));
        WriteResult exact = await store.DeleteAsync(key, Condition.UnchangedSince(second.Revision));

        Assert.Equal(WriteResult.Refused(key), late);
        Assert.True(exact.Applied);
        Assert.Null(await store.GetAsync(key));
    }

    [Fact]
    public async Task Exists_deletes_and_absent_refuses_a_key_that_is_there()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "one");

        WriteResult absent = await store.DeleteAsync(key, Condition.Absent);
        WriteResult exists = await store.DeleteAsync(key, Condition.Exists);

        Assert.Equal((false, true), (absent.Applied, exists.Applied));
    }

    [Fact]
    public async Task One_revision_deletes_once()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 4);
        string key = fixture.NewPrefix() + "/a";
        WriteResult read = await clients[0].SetAsync(key, "x");

        WriteResult[] results = await clients.RaceAsync(8, (store, _) => store.DeleteAsync(key, Condition.UnchangedSince(read.Revision)).AsTask());

        Assert.Single(results, static result => result.Applied);
    }

    [Fact]
    public async Task A_write_and_a_delete_of_one_version_exclude_each_other()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        string prefix = fixture.NewPrefix();

        for (int round = 0; round < 20; round++)
        {
            string key = $"{prefix}/{round}";
            Condition unchanged = Condition.UnchangedSince((await clients[0].SetAsync(key, "read")).Revision);
            WriteResult[] results = await clients.RaceAsync(
                2, (store, racer) => racer == 0 ? store.SetAsync(key, "kept", unchanged).AsTask() : store.DeleteAsync(key, unchanged).AsTask());

            Assert.Single(results, static result => result.Applied);
            Assert.Equal(results[0].Applied ? "kept" : null, await clients[0].GetStringAsync(key));
        }
    }
}
