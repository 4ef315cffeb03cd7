using System.Text;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ConfigClients.Embedded.Wire;

/// <summary>One statement, prepared once and kept: bind, step, read, reset.</summary>
/// <remarks>
/// Below ADO.NET on purpose: a command and a reader per call cost more than the lookup itself.
/// Owned by one connection; not thread-safe.
/// </remarks>
internal sealed class EmbeddedStatement : IDisposable
{
    private readonly sqlite3 _connection;
    private readonly sqlite3_stmt _statement;

    public EmbeddedStatement(sqlite3 connection, string sql)
    {
        _connection = connection;
        int code = raw.sqlite3_prepare_v2(connection, sql, out _statement);
        if (code != raw.SQLITE_OK)
        {
            throw Failure(committing: false);
        }
    }

    public EmbeddedStatement Bind(int parameter, string? text)
    {
        if (text is null)
        {
            return Check(raw.sqlite3_bind_null(_statement, parameter));
        }

        if (text.Length > ConfigKey.MaxBytes)
        {
            return Check(raw.sqlite3_bind_text(_statement, parameter, text));
        }

        Span<byte> utf8 = stackalloc byte[Encoding.UTF8.GetMaxByteCount(ConfigKey.MaxBytes)];
        int length = Encoding.UTF8.GetBytes(text, utf8);
        return Check(raw.sqlite3_bind_text(_statement, parameter, utf8[..length]));
    }

    public EmbeddedStatement Bind(int parameter, long number) => Check(raw.sqlite3_bind_int64(_statement, parameter, number));

    public EmbeddedStatement Bind(int parameter, ReadOnlySpan<byte> bytes) => Check(raw.sqlite3_bind_blob(_statement, parameter, bytes));

    /// <summary>Goes to the next row.</summary>
    /// <returns>Whether there is one.</returns>
    public bool Step() => TryStep() switch
    {
        raw.SQLITE_ROW => true,
        raw.SQLITE_DONE => false,
        _ => throw Failure(committing: false),
    };

    /// <summary>Runs a statement without rows and makes it ready for the next time.</summary>
    public void Run()
    {
        try
        {
            Step();
        }
        finally
        {
            Reset();
        }
    }

    /// <summary>Goes to the next row; the caller looks at the code.</summary>
    /// <returns>The primary result code.</returns>
    public int TryStep() => raw.sqlite3_step(_statement) & 0xff;

    /// <summary>Ends the execution. Without it the statement would hold its read lock.</summary>
    public void Reset() => _ = raw.sqlite3_reset(_statement);

    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    public string Text(int column) => raw.sqlite3_column_text(_statement, column).utf8_to_string();

    public byte[] Bytes(int column) => raw.sqlite3_column_blob(_statement, column).ToArray();

    /// <summary>What the last call on this connection failed with.</summary>
    /// <param name="committing">Whether it was the commit that failed.</param>
    /// <returns>The failure.</returns>
    public StoreException Failure(bool committing)
    {
        int extended = raw.sqlite3_extended_errcode(_connection);
        SqliteException cause = new(raw.sqlite3_errmsg(_connection).utf8_to_string(), extended & 0xff, extended);
        return EmbeddedErrors.From(extended, committing, cause);
    }

    public void Dispose() => _statement?.Dispose();

    private EmbeddedStatement Check(int code) => code == raw.SQLITE_OK ? this : throw Failure(committing: false);
}
