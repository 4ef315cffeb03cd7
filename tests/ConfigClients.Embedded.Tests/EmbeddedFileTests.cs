using Microsoft.Data.Sqlite;

namespace ConfigClients.Embedded.Tests;

public sealed class EmbeddedFileTests : IDisposable
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly string _directory = Directory.CreateTempSubdirectory("configclients-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task Files_and_directory_are_made_for_their_owner_only()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows has no such modes.");
        string path = Path.Combine(_directory, "new", "store.db");
        await using IConfigStore store = Open(path);

        await store.SetAsync("k", "v", cancellationToken: Token);

#pragma warning disable CA1416 // Skipped on Windows.
        Assert.Equal(OwnerOnly | UnixFileMode.UserExecute, File.GetUnixFileMode(Path.GetDirectoryName(path)!));
        Assert.All([path, path + "-wal", path + "-shm"], file => Assert.Equal(OwnerOnly, File.GetUnixFileMode(file)));
#pragma warning restore CA1416
    }

    [Fact]
    public async Task A_write_into_a_deleted_file_is_refused_instead_of_lost()
    {
        string path = Path.Combine(_directory, "store.db");
        await using IConfigStore store = Open(path);
        await store.SetAsync("k", "v", cancellationToken: Token);

        File.Move(path, path + ".old");
        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("k", "w", cancellationToken: Token).AsTask());

        Assert.Equal((StoreError.Corrupt, false), (failure.Error, failure.MayHaveApplied));
    }

    [Fact]
    public async Task What_was_written_is_there_when_the_file_is_opened_again()
    {
        string path = Path.Combine(_directory, "store.db");
        Revision written;
        await using (IConfigStore store = Open(path))
        {
            written = (await store.SetAsync("k", "v", cancellationToken: Token)).Revision;
            await store.DeleteAsync("k", cancellationToken: Token);
        }

        await using IConfigStore again = Open(path);
        WriteResult next = await again.SetAsync("k", "v", cancellationToken: Token);

        Assert.Equal(written.Number + 2, next.Revision.Number);
    }

    [Theory]
    [InlineData("PRAGMA application_id = 42", StoreError.ProtocolViolation)]
    [InlineData("CREATE TABLE theirs (id INTEGER)", StoreError.ProtocolViolation)]
    [InlineData("PRAGMA application_id = 1130784579; PRAGMA user_version = 2", StoreError.Unsupported)]
    public async Task Another_applications_database_is_refused_and_not_changed(string theirs, StoreError error)
    {
        string path = Path.Combine(_directory, "theirs.db");
        await using (SqliteConnection connection = new($"Data Source={path};Pooling=False"))
        {
            await connection.OpenAsync(Token);
            await using SqliteCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // The texts are above.
            command.CommandText = theirs;
#pragma warning restore CA2100
            await command.ExecuteNonQueryAsync(Token);
        }

        await AssertRefusedAsync(path, error);
    }

    [Fact]
    public async Task A_file_that_is_no_database_is_refused_and_not_changed()
    {
        string path = Path.Combine(_directory, "notes.txt");
        await File.WriteAllTextAsync(path, string.Concat(Enumerable.Repeat("This is not a database. ", 100)), Token);

        await AssertRefusedAsync(path, StoreError.Corrupt);
    }

    [Fact]
    public async Task A_symbolic_link_is_refused()
    {
        string path = Path.Combine(_directory, "link.db");
        File.CreateSymbolicLink(path, Path.Combine(_directory, "elsewhere.db"));
        await using IConfigStore store = Open(path);

        StoreException e = await Assert.ThrowsAsync<StoreException>(async () => await store.GetAsync("k", Token));

        Assert.Equal(StoreError.Denied, e.Error);
        Assert.False(File.Exists(Path.Combine(_directory, "elsewhere.db")));
    }

    [Fact]
    public async Task A_directory_is_refused()
    {
        await using IConfigStore store = Open(_directory);

        StoreException e = await Assert.ThrowsAsync<StoreException>(async () => await store.GetAsync("k", Token));

        Assert.Equal(StoreError.InvalidRequest, e.Error);
    }

    [Fact]
    public async Task Several_may_make_the_same_file_at_once()
    {
        for (int round = 0; round < 40; round++)
        {
            string path = Path.Combine(_directory, $"race-{round}.db");
            IConfigStore[] stores = [.. Enumerable.Range(0, 6).Select(_ => Open(path))];

            await Task.WhenAll(stores.Select((store, i) => Task.Run(() => store.SetAsync($"k/{i}", "v", cancellationToken: Token).AsTask(), Token)));
            ConfigSnapshot snapshot = await stores[0].ListAsync("k", Token);
            await Task.WhenAll(stores.Select(store => store.DisposeAsync().AsTask()));

            Assert.Equal(stores.Length, snapshot.Entries.Count);
        }
    }

    private static IConfigStore Open(string path) => new ConfigStoreBuilder().UseEmbedded(options => options.Path = path).Build();

    private static async Task AssertRefusedAsync(string path, StoreError error)
    {
        byte[] before = await File.ReadAllBytesAsync(path, Token);
        await using (IConfigStore store = Open(path))
        {
            StoreException e = await Assert.ThrowsAsync<StoreException>(async () => await store.SetAsync("k", "v", cancellationToken: Token));
            Assert.Equal(error, e.Error);
            Assert.False(e.MayHaveApplied);
        }

        Assert.Equal(before, await File.ReadAllBytesAsync(path, Token));
    }
}
