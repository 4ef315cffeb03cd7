using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace ConfigClients.Embedded.Wire;

/// <summary>One open connection and the statements prepared on it.</summary>
/// <remarks>Used by one thread at a time; whoever rents it sees to that.</remarks>
internal sealed class EmbeddedConnection : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly List<EmbeddedStatement> _statements = [];

    private EmbeddedConnection(SqliteConnection connection)
    {
        _connection = connection;
    }

    private sqlite3 Handle => _connection.Handle!;

    /// <summary>Opens a connection.</summary>
    /// <param name="path">The file, which exists; null for private memory.</param>
    /// <param name="durability">When a commit counts as done.</param>
    /// <param name="busyTimeout">How long to wait for another process's lock.</param>
    /// <returns>The connection.</returns>
    public static EmbeddedConnection Open(string? path, EmbeddedDurability durability, TimeSpan busyTimeout)
    {
        SqliteConnectionStringBuilder settings = new()
        {
            DataSource = path ?? ":memory:",

            // Never creates: a file that vanished must not come back empty.
            Mode = path is null ? SqliteOpenMode.Memory : SqliteOpenMode.ReadWrite,
            Pooling = false,
        };
        SqliteConnection inner = new(settings.ToString());
        try
        {
            inner.Open();
            EmbeddedConnection connection = new(inner);
            connection.WaitForLocks(busyTimeout);
            connection.Execute(durability == EmbeddedDurability.Full
                ? "PRAGMA synchronous = FULL; PRAGMA fullfsync = ON"
                : "PRAGMA synchronous = NORMAL");
            return connection;
        }
        catch (SqliteException e)
        {
            inner.Dispose();
            throw EmbeddedErrors.From(e.SqliteExtendedErrorCode, committing: false, e);
        }
        catch
        {
            inner.Dispose();
            throw;
        }
    }

    /// <summary>How long a statement waits, blocking, for another process's lock.</summary>
    /// <param name="longest">The longest wait; zero fails at once.</param>
    public void WaitForLocks(TimeSpan longest) => _ = raw.sqlite3_busy_timeout(Handle, (int)longest.TotalMilliseconds);

    /// <summary>Prepares a statement that lives as long as the connection.</summary>
    /// <param name="sql">The statement.</param>
    /// <returns>The statement.</returns>
    public EmbeddedStatement Prepare(string sql)
    {
        EmbeddedStatement statement = new(Handle, sql);
        _statements.Add(statement);
        return statement;
    }

    /// <summary>Runs statements once.</summary>
    /// <param name="sql">The statements, separated by semicolons.</param>
    public void Execute(string sql)
    {
        int code = raw.sqlite3_exec(Handle, sql);
        if (code != raw.SQLITE_OK)
        {
            int extended = raw.sqlite3_extended_errcode(Handle);
            throw EmbeddedErrors.From(
                extended, committing: false, new SqliteException(raw.sqlite3_errmsg(Handle).utf8_to_string(), code & 0xff, extended));
        }
    }

    /// <summary>Reads one text.</summary>
    /// <param name="sql">A statement whose first row's first column is wanted.</param>
    /// <returns>The text; empty if there is no row.</returns>
    public string ReadText(string sql)
    {
        using EmbeddedStatement statement = new(Handle, sql);
        return statement.Step() ? statement.Text(0) : "";
    }

    /// <summary>Reads one number.</summary>
    /// <param name="sql">A statement whose first row's first column is wanted.</param>
    /// <returns>The number; 0 if there is no row.</returns>
    public long ReadNumber(string sql)
    {
        using EmbeddedStatement statement = new(Handle, sql);
        return statement.Step() ? statement.Number(0) : 0;
    }

    /// <summary>Takes back whatever transaction is open.</summary>
    public void RollBack()
    {
        // Some failures roll back by themselves.
        if (raw.sqlite3_get_autocommit(Handle) == 0)
        {
            _ = raw.sqlite3_exec(Handle, "ROLLBACK");
        }
    }

    public void Dispose()
    {
        foreach (EmbeddedStatement statement in _statements)
        {
            statement.Dispose();
        }

        _connection.Dispose();
    }
}
