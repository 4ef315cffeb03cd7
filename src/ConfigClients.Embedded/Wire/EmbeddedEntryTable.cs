namespace ConfigClients.Embedded.Wire;

/// <summary>The keys, as the writer sees them.</summary>
/// <remarks>Owned by the writer, inside its transaction; not thread-safe.</remarks>
internal sealed class EmbeddedEntryTable(EmbeddedConnection connection)
{
    private readonly EmbeddedStatement _find = connection.Prepare("SELECT revision, created, session FROM entries WHERE key = ?1");

    private readonly EmbeddedStatement _insert = connection.Prepare(
        "INSERT INTO entries (key, revision, created, session, value) VALUES (?1, ?2, ?3, ?4, ?5)");

    private readonly EmbeddedStatement _update = connection.Prepare("UPDATE entries SET revision = ?2, value = ?3 WHERE key = ?1");

    private readonly EmbeddedStatement _delete = connection.Prepare("DELETE FROM entries WHERE key = ?1");

    private readonly EmbeddedStatement _hasChildren = connection.Prepare("SELECT 1 FROM entries WHERE key > ?1 AND key < ?2 LIMIT 1");

    private readonly EmbeddedStatement _ofSession = connection.Prepare("SELECT key FROM entries WHERE session = ?1 ORDER BY created");

    public EmbeddedRow? Find(string key)
    {
        try
        {
            return _find.Bind(1, key).Step()
                ? new EmbeddedRow(_find.Number(0), _find.Number(1), _find.IsNull(2) ? null : _find.Text(2))
                : null;
        }
        finally
        {
            _find.Reset();
        }
    }

    public void Insert(string key, long revision, long created, string? session, ReadOnlySpan<byte> value) =>
        _insert.Bind(1, key).Bind(2, revision).Bind(3, created).Bind(4, session).Bind(5, value).Run();

    /// <summary>Writes a key that exists. It stays bound to whatever session it lives with.</summary>
    public void Update(string key, long revision, ReadOnlySpan<byte> value) => _update.Bind(1, key).Bind(2, revision).Bind(3, value).Run();

    public void Delete(string key) => _delete.Bind(1, key).Run();

    public bool HasChildren(string key)
    {
        try
        {
            return _hasChildren.Bind(1, EmbeddedKeys.Before(key)).Bind(2, EmbeddedKeys.After(key)).Step();
        }
        finally
        {
            _hasChildren.Reset();
        }
    }

    /// <summary>Whether any key above this one lives with a session.</summary>
    public bool HasBoundParent(string key)
    {
        for (int slash = key.LastIndexOf('/'); slash > 0; slash = key.LastIndexOf('/', slash - 1))
        {
            if (Find(key[..slash]) is { Session: not null })
            {
                return true;
            }
        }

        return false;
    }

    public List<string> OfSession(string session)
    {
        List<string> keys = [];
        try
        {
            _ofSession.Bind(1, session);
            while (_ofSession.Step())
            {
                keys.Add(_ofSession.Text(0));
            }

            return keys;
        }
        finally
        {
            _ofSession.Reset();
        }
    }
}
