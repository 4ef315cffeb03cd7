using System.Diagnostics;
using Microsoft.Data.Sqlite;

namespace ConfigClients.Embedded.Tests;

/// <summary>Another process that holds the write lock, or has damaged the file.</summary>
public sealed class EmbeddedContentionTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("configclients-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    private string FilePath => Path.Combine(_directory, "store.db");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task A_write_gives_up_after_the_request_timeout_and_was_not_applied()
    {
        await using IConfigStore store = Open(TimeSpan.FromMilliseconds(200));
        await store.SetAsync("k", "before", cancellationToken: Token);
        await using SqliteConnection other = await LockAsync();

        long start = Stopwatch.GetTimestamp();
        StoreException e = await Assert.ThrowsAsync<StoreException>(async () => await store.SetAsync("k", "after", cancellationToken: Token));

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.19, 5);
        Assert.Equal((StoreError.Unavailable, false), (e.Error, e.MayHaveApplied));
        Assert.Equal("before", await store.GetStringAsync("k", Token));
    }

    [Fact]
    public async Task A_write_that_waits_can_be_cancelled_and_one_that_goes_on_waiting_succeeds()
    {
        await using IConfigStore store = Open(TimeSpan.FromSeconds(60));
        await store.SetAsync("k", "before", cancellationToken: Token);
        SqliteConnection other = await LockAsync();
        using CancellationTokenSource cancel = new();

        Task cancelled = store.SetAsync("k", "cancelled", cancellationToken: cancel.Token).AsTask();
        Task<WriteResult> waiting = store.SetAsync("k", "after", cancellationToken: Token).AsTask();
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);
        await other.DisposeAsync();

        Assert.True((await waiting).Applied);
        Assert.Equal("after", await store.GetStringAsync("k", Token));
    }

    [Fact]
    public async Task A_damaged_file_is_reported_as_such()
    {
        await using (IConfigStore store = Open(TimeSpan.FromSeconds(5)))
        {
            await store.SetAsync("k", "v", cancellationToken: Token);
        }

        byte[] bytes = await File.ReadAllBytesAsync(FilePath, Token);
        bytes.AsSpan(4096).Fill(0x5a);
        await File.WriteAllBytesAsync(FilePath, bytes, Token);
        await using IConfigStore damaged = Open(TimeSpan.FromSeconds(5));

        StoreException e = await Assert.ThrowsAsync<StoreException>(async () => await damaged.GetAsync("k", Token));

        Assert.Equal(StoreError.Corrupt, e.Error);
    }

    private IConfigStore Open(TimeSpan requestTimeout) => new ConfigStoreBuilder()
        .UseEmbedded(options =>
        {
            options.Path = FilePath;
            options.RequestTimeout = requestTimeout;
        })
        .Build();

    private async Task<SqliteConnection> LockAsync()
    {
        SqliteConnection connection = new($"Data Source={FilePath};Pooling=False");
        await connection.OpenAsync(Token);
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "BEGIN IMMEDIATE";
        await command.ExecuteNonQueryAsync(Token);
        return connection;
    }
}
