using SQLitePCL;

namespace ConfigClients.Embedded.Wire;

/// <summary>The order of everything: one numbered row per key written or deleted, in the same transaction as the write.</summary>
/// <remarks>
/// A commit of several keys takes consecutive numbers. The last one is its revision, the same for all its keys; each key it creates
/// has a number of its own as create revision. So create revisions are unique and never above the revision of the write.
/// A rolled-back transaction gives its numbers back unseen; a committed number is never given out again.
/// Owned by the writer; not thread-safe.
/// </remarks>
internal sealed class EmbeddedLedger
{
    /// <summary>How many of the newest rows are always kept, for watches to follow.</summary>
    public const long Kept = 10_000;

    // Old rows go by the batch: one at a time would touch another page with every write.
    private const int PruneBatch = 1024;

    private readonly EmbeddedConnection _connection;
    private readonly EmbeddedStatement _begin;
    private readonly EmbeddedStatement _commit;
    private readonly EmbeddedStatement _head;
    private readonly EmbeddedStatement _append;
    private readonly EmbeddedStatement _prune;
    private long _start;

    public EmbeddedLedger(EmbeddedConnection connection)
    {
        _connection = connection;
        _begin = connection.Prepare("BEGIN IMMEDIATE");
        _commit = connection.Prepare("COMMIT");
        _head = connection.Prepare("SELECT max(number) FROM ledger");
        _append = connection.Prepare("INSERT INTO ledger (number, key) VALUES (?1, ?2)");
        _prune = connection.Prepare("DELETE FROM ledger WHERE number <= ?1");
    }

    /// <summary>The newest number, those of this transaction included.</summary>
    public long Head { get; private set; }

    /// <summary>Starts a transaction.</summary>
    /// <returns>False if another process is writing.</returns>
    public bool TryBegin()
    {
        int code = _begin.TryStep();
        _begin.Reset();
        if (code == raw.SQLITE_BUSY)
        {
            return false;
        }

        if (code != raw.SQLITE_DONE)
        {
            throw _begin.Failure(committing: false);
        }

        try
        {
            _head.Step();
            _start = Head = _head.Number(0);
        }
        catch
        {
            _head.Reset();
            RollBack();
            throw;
        }

        _head.Reset();
        return true;
    }

    /// <summary>Gives the next number to a key.</summary>
    /// <param name="key">The key that is written or deleted.</param>
    /// <returns>The number.</returns>
    public long Append(string key)
    {
        Head++;
        _append.Bind(1, Head).Bind(2, key).Run();
        return Head;
    }

    /// <summary>Makes the transaction last.</summary>
    public void Commit()
    {
        if (Head / PruneBatch != _start / PruneBatch && Head > Kept)
        {
            _prune.Bind(1, Head - Kept).Run();
        }

        int code = _commit.TryStep();
        if (code != raw.SQLITE_DONE)
        {
            StoreException failure = _commit.Failure(committing: true);
            _commit.Reset();
            throw failure;
        }

        _commit.Reset();
    }

    public void RollBack() => _connection.RollBack();
}
