using ConfigClients.Adapters;

namespace ConfigClients.Embedded.Wire;

/// <summary>Everything that is read, on one connection.</summary>
/// <remarks>Never returns a key whose session's deadline has passed, whether or not somebody has removed it yet. Not thread-safe.</remarks>
internal sealed class EmbeddedReader : IDisposable
{
    private const string Columns =
        "e.revision, e.created, e.session, CASE WHEN e.session IS NULL THEN NULL ELSE (SELECT deadline FROM sessions WHERE id = e.session) END, e.value";

    private readonly EmbeddedConnection _connection;
    private readonly EmbeddedClock _clock;
    private readonly EmbeddedStatement _get;
    private readonly EmbeddedStatement _listAll;
    private readonly EmbeddedStatement _listRange;
    private readonly EmbeddedStatement _changes;
    private readonly EmbeddedStatement _bounds;
    private readonly EmbeddedStatement _firstDeadline;
    private readonly EmbeddedStatement _version;
    private readonly EmbeddedStatement _begin;
    private readonly EmbeddedStatement _end;

    public EmbeddedReader(EmbeddedConnection connection, EmbeddedClock clock)
    {
        _connection = connection;
        _clock = clock;
        _get = connection.Prepare($"SELECT {Columns} FROM entries e WHERE e.key = ?1");
        _listAll = connection.Prepare($"SELECT {Columns}, e.key FROM entries e ORDER BY e.key");
        _listRange = connection.Prepare($"SELECT {Columns}, e.key FROM entries e WHERE e.key > ?1 AND e.key < ?2 ORDER BY e.key");
        _changes = connection.Prepare(
            $"SELECT {Columns}, l.key FROM (SELECT key, max(number) AS number FROM ledger WHERE number > ?1 GROUP BY key) l " +
            "LEFT JOIN entries e ON e.key = l.key ORDER BY l.number");
        _bounds = connection.Prepare("SELECT (SELECT min(number) FROM ledger), (SELECT max(number) FROM ledger)");
        _firstDeadline = connection.Prepare("SELECT min(deadline) FROM sessions");
        _version = connection.Prepare("PRAGMA data_version");
        _begin = connection.Prepare("BEGIN");
        _end = connection.Prepare("COMMIT");
    }

    public ConfigEntry? Get(string key)
    {
        try
        {
            return _get.Bind(1, key).Step() && Lives(_get) ? Entry(key, _get) : null;
        }
        finally
        {
            _get.Reset();
        }
    }

    public ReadOnlyMemory<byte>? GetValue(string key)
    {
        try
        {
            return _get.Bind(1, key).Step() && Lives(_get) ? (ReadOnlyMemory<byte>?)_get.Bytes(4) : null;
        }
        finally
        {
            _get.Reset();
        }
    }

    public ConfigSnapshot List(string prefix)
    {
        EmbeddedStatement list = prefix.Length == 0
            ? _listAll
            : _listRange.Bind(1, EmbeddedKeys.Before(prefix)).Bind(2, EmbeddedKeys.After(prefix));
        return AtOnePoint(() =>
        {
            (_, long head) = Bounds();
            List<ConfigEntry> entries = [];
            try
            {
                while (list.Step())
                {
                    if (Lives(list))
                    {
                        entries.Add(Entry(list.Text(5), list));
                    }
                }
            }
            finally
            {
                list.Reset();
            }

            return new ConfigSnapshot(prefix, entries, head);
        });
    }

    /// <summary>What was written below a prefix after a revision, each key once with its present state.</summary>
    /// <param name="prefix">The prefix.</param>
    /// <param name="revision">The revision delivered so far.</param>
    /// <returns>The changes and the revision they lead to, as a step; idle if there are none, a gap if they are no longer on record.</returns>
    public WatchStep Changes(string prefix, long revision) => AtOnePoint(() =>
    {
        (long floor, long head) = Bounds();
        if (head < revision)
        {
            return WatchStep.Gap($"the store is at revision {head}, behind {revision}");
        }

        if (head == revision)
        {
            return WatchStep.Idle(head);
        }

        if (revision < floor - 1)
        {
            return WatchStep.Gap($"changes are on record from revision {floor} only; {revision} is older");
        }

        List<ConfigChange> changes = [];
        try
        {
            _changes.Bind(1, revision);
            while (_changes.Step())
            {
                string key = _changes.Text(5);
                if (ConfigKey.IsBelow(key, prefix))
                {
                    changes.Add(new ConfigChange(key, !_changes.IsNull(0) && Lives(_changes) ? Entry(key, _changes) : null));
                }
            }
        }
        finally
        {
            _changes.Reset();
        }

        return changes.Count == 0 ? WatchStep.Idle(head) : WatchStep.FromChanges(changes, head);
    });

    /// <summary>When the first session ends if nobody keeps it up.</summary>
    /// <returns>The moment on the store's clock, or null if there is no session.</returns>
    public long? FirstDeadline()
    {
        try
        {
            return _firstDeadline.Step() && !_firstDeadline.IsNull(0) ? _firstDeadline.Number(0) : null;
        }
        finally
        {
            _firstDeadline.Reset();
        }
    }

    /// <summary>A number that differs whenever another connection, of this process or another, has committed.</summary>
    /// <returns>The number.</returns>
    public long Version()
    {
        try
        {
            return _version.Step() ? _version.Number(0) : 0;
        }
        finally
        {
            _version.Reset();
        }
    }

    public void Dispose() => _connection.Dispose();

    private T AtOnePoint<T>(Func<T> read)
    {
        _begin.Run();
        try
        {
            T result = read();
            _end.Run();
            return result;
        }
        catch
        {
            _connection.RollBack();
            throw;
        }
    }

    private (long Floor, long Head) Bounds()
    {
        try
        {
            return _bounds.Step() ? (_bounds.Number(0), _bounds.Number(1)) : (0, 0);
        }
        finally
        {
            _bounds.Reset();
        }
    }

    private bool Lives(EmbeddedStatement row) => row.IsNull(2) || (!row.IsNull(3) && row.Number(3) > _clock.Now);

    private static ConfigEntry Entry(string key, EmbeddedStatement row) =>
        new(key, row.Bytes(4), new Revision(row.Number(0)), row.Number(1), row.IsNull(2) ? null : row.Text(2));
}
