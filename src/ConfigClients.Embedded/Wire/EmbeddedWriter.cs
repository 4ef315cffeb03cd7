namespace ConfigClients.Embedded.Wire;

/// <summary>Everything that is written, inside one transaction of the one writing connection.</summary>
/// <remarks>Used only by whoever holds the database's gate; not thread-safe.</remarks>
internal sealed class EmbeddedWriter : IDisposable
{
    private readonly EmbeddedConnection _connection;
    private readonly EmbeddedLedger _ledger;
    private readonly EmbeddedEntryTable _entries;
    private readonly EmbeddedSessionTable _sessions;

    public EmbeddedWriter(EmbeddedConnection connection, EmbeddedClock clock)
    {
        _connection = connection;
        _ledger = new EmbeddedLedger(connection);
        _entries = new EmbeddedEntryTable(connection);
        _sessions = new EmbeddedSessionTable(connection, clock);
    }

    /// <summary>Starts a transaction and ends the sessions whose time is up, so that nothing in it happens under or beside a dead session.</summary>
    /// <returns>False if another process is writing.</returns>
    public bool TryBegin()
    {
        if (!_ledger.TryBegin())
        {
            return false;
        }

        try
        {
            EndAll(_sessions.Due());
            return true;
        }
        catch
        {
            _ledger.RollBack();
            throw;
        }
    }

    public void Commit() => _ledger.Commit();

    public void RollBack() => _ledger.RollBack();

    public WriteResult Set(string key, ReadOnlySpan<byte> value, Condition condition, EmbeddedSession? session)
    {
        CheckStanding(session);
        EmbeddedRow? row = _entries.Find(key);
        return EmbeddedRow.Satisfies(condition, row) && MayBind(session?.Id, row)
            ? WriteResult.Done(new Revision(Put(key, value, session?.Id, row, _ledger.Head + 1)))
            : WriteResult.Refused(key);
    }

    public WriteResult Delete(string key, Condition condition)
    {
        EmbeddedRow? row = _entries.Find(key);
        if (row is null || !EmbeddedRow.Satisfies(condition, row))
        {
            return WriteResult.Refused(key);
        }

        Remove(key);
        return WriteResult.Done();
    }

    public WriteResult Commit(Transaction transaction)
    {
        foreach (TransactionWrite write in transaction.Writes)
        {
            CheckStanding(write.Session);
        }

        foreach (TransactionCondition requirement in transaction.Conditions)
        {
            if (!EmbeddedRow.Satisfies(requirement.Condition, _entries.Find(requirement.Key)))
            {
                return WriteResult.Refused(requirement.Key);
            }
        }

        return WriteAll(transaction.Writes);
    }

    public bool OpenSession(string id, string? name, TimeSpan ttl)
    {
        _sessions.Insert(id, name, ttl);
        return true;
    }

    /// <returns>False if the session is gone.</returns>
    public bool ExtendSession(string id) => _sessions.Extend(id);

    /// <returns>Whether it stood until now.</returns>
    public bool EndSession(string id)
    {
        bool stood = _sessions.Contains(id);
        if (stood)
        {
            EndAll([id]);
        }

        return stood;
    }

    /// <summary>Ends the sessions that an earlier boot of this machine left behind.</summary>
    /// <returns>How many there were.</returns>
    public int EndSessionsOfEarlierBoots()
    {
        List<string> sessions = _sessions.OfEarlierBoots();
        EndAll(sessions);
        return sessions.Count;
    }

    public void Dispose() => _connection.Dispose();

    private WriteResult WriteAll(IReadOnlyList<TransactionWrite> writes)
    {
        EmbeddedRow?[] rows = new EmbeddedRow?[writes.Count];
        int applied = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = _entries.Find(writes[i].Key);
            if (!writes[i].IsDelete && !MayBind(writes[i].Session?.Id, rows[i]))
            {
                return WriteResult.Refused(writes[i].Key);
            }

            applied += writes[i].IsDelete && rows[i] is null ? 0 : 1;
        }

        long revision = _ledger.Head + applied;
        bool anySet = false;
        for (int i = 0; i < rows.Length; i++)
        {
            TransactionWrite write = writes[i];
            if (write.Value is { } value)
            {
                anySet = true;
                Put(write.Key, value.Span, write.Session?.Id, rows[i], revision);
            }
            else if (rows[i] is not null)
            {
                Remove(write.Key);
            }
        }

        return WriteResult.Done(anySet ? new Revision(revision) : Revision.None);
    }

    private long Put(string key, ReadOnlySpan<byte> value, string? session, EmbeddedRow? row, long revision)
    {
        if (row is not null)
        {
            _ledger.Append(key);
            _entries.Update(key, revision, value);
            return revision;
        }

        // A key below a session-bound key would lose its parent when the session ends: refused from either side.
        if (session is not null && _entries.HasChildren(key))
        {
            throw new StoreException(StoreError.InvalidRequest, "A key with children cannot live with a session; nothing was written.");
        }

        if (_sessions.Any && _entries.HasBoundParent(key))
        {
            throw new StoreException(StoreError.InvalidRequest, "A key cannot be made below a key that lives with a session; nothing was written.");
        }

        _entries.Insert(key, revision, _ledger.Append(key), session, value);
        return revision;
    }

    private void Remove(string key)
    {
        _ledger.Append(key);
        _entries.Delete(key);
    }

    private void EndAll(List<string> sessions)
    {
        foreach (string session in sessions)
        {
            foreach (string key in _entries.OfSession(session))
            {
                Remove(key);
            }

            _sessions.Delete(session);
        }
    }

    private static bool MayBind(string? session, EmbeddedRow? row) => session is null || row is null || row.Value.Session == session;

    private void CheckStanding(IStoreSession? session)
    {
        if (session is EmbeddedSession own && !_sessions.Contains(own.Id))
        {
            // Its owner need not wait for the next heartbeat to hear of it.
            own.EndedByStore();
            throw new StoreException(StoreError.SessionEnded, $"Session {own.Id} is over; nothing was written.");
        }
    }
}
