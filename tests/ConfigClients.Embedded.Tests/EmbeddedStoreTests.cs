namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedStoreTests(EmbeddedFixture file, EmbeddedMemoryFixture memory)
    : IClassFixture<EmbeddedFixture>, IClassFixture<EmbeddedMemoryFixture>
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Reads_what_another_client_wrote(bool inMemory)
    {
        await using IConfigStore writer = await OpenAsync(inMemory);
        await using IConfigStore reader = await OpenAsync(inMemory);

        WriteResult written = await writer.SetAsync("a/b", "one", cancellationToken: Token);
        await writer.SetAsync("a/empty", "", cancellationToken: Token);
        ConfigEntry? entry = await reader.GetAsync("a/b", Token);
        ConfigSnapshot snapshot = await reader.ListAsync("a", Token);

        Assert.True(written.Applied);
        Assert.Equal("one", entry!.GetString());
        Assert.Equal(written.Revision, entry.Revision);
        Assert.Equal(written.Revision.Number, entry.CreateRevision);
        Assert.Equal(["a/b", "a/empty"], snapshot.Entries.Select(e => e.Key));
        Assert.Equal(0, snapshot.Entries[1].Value.Length);
        Assert.Equal(snapshot.Entries[1].Revision.Number, snapshot.Revision);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Creates_of_one_commit_share_a_revision_and_have_create_revisions_of_their_own(bool inMemory)
    {
        await using IConfigStore store = await OpenAsync(inMemory);

        WriteResult result = await store.CommitAsync(
            new Transaction().Set("c/2", "x"u8.ToArray()).Delete("c/missing").Set("c/1", "y"u8.ToArray()), Token);
        ConfigSnapshot snapshot = await store.ListAsync("c", Token);

        Assert.True(result.Applied);
        Assert.All(snapshot.Entries, entry => Assert.Equal(result.Revision, entry.Revision));
        Assert.Equal(result.Revision.Number, snapshot.Find("c/1")!.CreateRevision);
        Assert.Equal(result.Revision.Number - 1, snapshot.Find("c/2")!.CreateRevision);
        Assert.Equal(result.Revision.Number, snapshot.Revision);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Watches_show_what_another_client_writes(bool inMemory)
    {
        await using IConfigStore writer = await OpenAsync(inMemory);
        await using IConfigStore watcher = await OpenAsync(inMemory);

        await using IAsyncEnumerator<WatchBatch> batches = watcher.WatchAsync("w", Token).GetAsyncEnumerator(Token);
        Assert.True(await batches.MoveNextAsync());
        await writer.CommitAsync(new Transaction().Set("w/a", "1"u8.ToArray()).Set("w/b", "1"u8.ToArray()), Token);
        Assert.True(await batches.MoveNextAsync());

        Assert.Equal(["w/a", "w/b"], batches.Current.Changes.Select(change => change.Key));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Closing_a_session_deletes_its_keys(bool inMemory)
    {
        await using IConfigStore store = await OpenAsync(inMemory);
        IStoreSession session = await store.OpenSessionAsync(cancellationToken: Token);

        await store.SetAsync("s/seat", "me", session: session, cancellationToken: Token);
        ConfigEntry? seat = await store.GetAsync("s/seat", Token);
        await session.DisposeAsync();

        Assert.Equal(session.Id, seat!.SessionId);
        Assert.Null(await store.GetAsync("s/seat", Token));
        StoreException e = await Assert.ThrowsAsync<StoreException>(
            async () => await store.SetAsync("s/seat", "me", session: session, cancellationToken: Token));
        Assert.Equal(StoreError.SessionEnded, e.Error);
    }

    private ValueTask<IConfigStore> OpenAsync(bool inMemory) => inMemory ? memory.OpenAsync() : file.OpenAsync();
}
