namespace ConfigClients.Conformance;

/// <summary>Transactions as large as the contract allows, and of every shape.</summary>
public abstract class CommitSizeConformance(StoreFixture fixture)
{
    [Fact]
    public async Task Sixty_writes_are_committed_together()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        Transaction create = new();
        Transaction delete = new();
        for (int i = 0; i < 60; i++)
        {
            create.Set($"{prefix}/{i % 7}/{i:D2}", TestValues.Of($"{i}"));
            delete.Delete($"{prefix}/{i % 7}/{i:D2}");
        }

        WriteResult created = await store.CommitAsync(create);
        int afterCreate = (await store.ListAsync(prefix)).Entries.Count;
        WriteResult deleted = await store.CommitAsync(delete);

        Assert.Equal((true, 60, true), (created.Applied, afterCreate, deleted.Applied));
        Assert.Empty((await store.ListAsync(prefix)).Entries);
    }

    [Fact]
    public async Task Thirty_conditions_and_thirty_writes_are_committed_together()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        Transaction transaction = new();
        for (int i = 0; i < 30; i++)
        {
            transaction.Require($"{prefix}/{i:D2}", Condition.Absent).Set($"{prefix}/{i:D2}", TestValues.Of($"{i}"));
        }

        WriteResult result = await store.CommitAsync(transaction);

        Assert.True(result.Applied);
        Assert.Equal(30, (await store.ListAsync(prefix)).Entries.Count);
    }

    [Fact]
    public async Task Sixty_conditions_are_committed_together()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        Transaction transaction = new();
        for (int i = 0; i < 60; i++)
        {
            transaction.Require($"{prefix}/{i:D2}", i < 59 ? Condition.Absent : Condition.Exists);
        }

        WriteResult result = await store.CommitAsync(transaction);

        Assert.Equal(WriteResult.Refused(prefix + "/59"), result);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    public async Task A_commit_may_hold_350_KiB(int writes)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        int keyBytes = $"{prefix}/00".Length;
        byte[] value = TestValues.OfSize((store.Limits.MaxTransactionBytes / writes) - keyBytes);
        Transaction transaction = new();
        for (int i = 0; i < writes; i++)
        {
            transaction.Set($"{prefix}/{i:D2}", value);
        }

        WriteResult result = await store.CommitAsync(transaction);
        ConfigSnapshot listing = await store.ListAsync(prefix);

        Assert.True(result.Applied);
        Assert.Equal(writes, listing.Entries.Count);
        Assert.All(listing.Entries, entry => Assert.True(entry.Value.Span.SequenceEqual(value)));
    }

    [Fact]
    public async Task A_parent_and_its_child_may_be_written_together()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string parent = fixture.NewPrefix() + "/parent";

        WriteResult childFirst = await store.CommitAsync(new Transaction().Set(parent + "/child", TestValues.Of("c")).Set(parent, TestValues.Of("p")));
        WriteResult parentGone = await store.CommitAsync(new Transaction().Delete(parent).Set(parent + "/child", TestValues.Of("d")));
        ConfigEntry? parentEntry = await store.GetAsync(parent);
        string? child = await store.GetStringAsync(parent + "/child");
        WriteResult bothGone = await store.CommitAsync(new Transaction().Delete(parent).Delete(parent + "/child"));

        Assert.Equal((true, true, true), (childFirst.Applied, parentGone.Applied, bothGone.Applied));
        Assert.Equal((null, "d"), (parentEntry, child));
        Assert.Empty((await store.ListAsync(parent)).Entries);
    }

    [Fact]
    public async Task Session_bound_writes_are_committed_with_the_rest()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        Transaction transaction = new();
        for (int i = 0; i < 30; i++)
        {
            transaction.Set($"{prefix}/{i:D2}", TestValues.Of("x"), session);
        }

        WriteResult result = await store.CommitAsync(transaction);
        ConfigSnapshot listing = await store.ListAsync(prefix);

        Assert.True(result.Applied);
        Assert.Equal(Enumerable.Repeat(session.Id, 30), listing.Entries.Select(static entry => entry.SessionId));
    }

    [Fact]
    public async Task A_session_bound_write_of_a_permanent_key_refuses_the_commit()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/permanent", "old");

        WriteResult result = await store.CommitAsync(new Transaction()
            .Set(prefix + "/other", TestValues.Of("new"))
            .Set(prefix + "/permanent", TestValues.Of("new"), session));

        Assert.Equal(WriteResult.Refused(prefix + "/permanent"), result);
        Assert.Equal("old", Assert.Single((await store.ListAsync(prefix)).Entries).GetString());
    }
}
