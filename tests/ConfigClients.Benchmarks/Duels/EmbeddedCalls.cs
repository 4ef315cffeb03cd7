using System.Security.Cryptography;
using Microsoft.Data.Sqlite;

namespace ConfigClients.Benchmarks.Duels;

/// <summary>The embedded store against prepared statements on a bare connection, with the same journal and durability.</summary>
internal sealed class EmbeddedCalls : IDisposable
{
    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1.2);
    private readonly IConfigStore _store;
    private readonly SqliteConnection _connection;
    private readonly SqliteCommand _select;
    private readonly SqliteCommand _upsert;
    private readonly byte[] _value = RandomNumberGenerator.GetBytes(100);

    public EmbeddedCalls(string folder, IConfigStore store)
    {
        _store = store;
        _connection = new SqliteConnection($"Data Source={Path.Combine(folder, "bare.db")};Pooling=False");
        _connection.Open();
        Execute("PRAGMA journal_mode=WAL");
        Execute("PRAGMA synchronous=FULL");
        Execute("CREATE TABLE IF NOT EXISTS kv(key TEXT PRIMARY KEY, value BLOB NOT NULL, revision INTEGER NOT NULL) WITHOUT ROWID");
        _select = Command("SELECT value, revision FROM kv WHERE key = $key");
        _upsert = Command("INSERT INTO kv(key, value, revision) VALUES($key, $value, 1) ON CONFLICT(key) DO UPDATE SET value = $value, revision = revision + 1");
        _upsert.Parameters.AddWithValue("$value", _value);
    }

    public IEnumerable<Duel> All() =>
    [
        new("Embedded get 100 B, p50, against a bare prepared SELECT", "µs", 1.30, false,
            () => Stat.MedianMicrosecondsAsync(SelectAsync, Round),
            () => Stat.MedianMicrosecondsAsync(async () => await _store.GetAsync("bench/key-1"), Round)),
        new("Embedded set 100 B, p50, against a bare prepared upsert in a transaction", "µs", 1.30, false,
            () => Stat.MedianMicrosecondsAsync(UpsertAsync, Round),
            () => Stat.MedianMicrosecondsAsync(async () => await _store.SetAsync("bench/key-1", _value), Round)),
    ];

    public void Dispose()
    {
        _select.Dispose();
        _upsert.Dispose();
        _connection.Dispose();
    }

    private ValueTask SelectAsync()
    {
        using SqliteDataReader reader = _select.ExecuteReader();
        if (reader.Read())
        {
            _ = reader.GetFieldValue<byte[]>(0);
            _ = reader.GetInt64(1);
        }

        return ValueTask.CompletedTask;
    }

    private ValueTask UpsertAsync()
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        _upsert.Transaction = transaction;
        _upsert.ExecuteNonQuery();
        transaction.Commit();
        return ValueTask.CompletedTask;
    }

    private SqliteCommand Command(string text)
    {
        SqliteCommand command = new(text, _connection);
        command.Parameters.AddWithValue("$key", "bench/key-1");
        return command;
    }

    private void Execute(string text)
    {
        using SqliteCommand command = new(text, _connection);
        command.ExecuteNonQuery();
    }
}
