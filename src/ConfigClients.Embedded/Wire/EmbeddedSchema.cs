namespace ConfigClients.Embedded.Wire;

/// <summary>The tables, and whose file it is.</summary>
internal static class EmbeddedSchema
{
    /// <summary>The version this code reads and writes, in the file's <c>user_version</c>.</summary>
    public const int Version = 1;

    // "CfgC": says whose file this is, also to the file(1) command.
    private const int ApplicationId = 0x43666743;

    /// <summary>
    /// The ledger is the order of everything. Its newest row is never removed: it holds the revision counter, so writing a key
    /// costs two pages, not three. It starts with row 1, so that no revision of a store is 0, which means "none".
    /// </summary>
    private const string Tables = """
        CREATE TABLE entries (
            key      TEXT    NOT NULL COLLATE BINARY PRIMARY KEY,
            revision INTEGER NOT NULL,
            created  INTEGER NOT NULL,
            session  TEXT,
            value    BLOB    NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX entries_by_session ON entries (session) WHERE session IS NOT NULL;
        CREATE TABLE ledger (
            number INTEGER NOT NULL PRIMARY KEY,
            key    TEXT    NOT NULL
        );
        INSERT INTO ledger (number, key) VALUES (1, '');
        CREATE TABLE sessions (
            id       TEXT    NOT NULL PRIMARY KEY,
            name     TEXT,
            ttl      INTEGER NOT NULL,
            deadline INTEGER NOT NULL,
            boot     TEXT    NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX sessions_by_deadline ON sessions (deadline);
        """;

    private const int MaxSwitches = 100;

    /// <summary>Makes the tables in an empty file, and refuses a file that is not ours before anything in it is changed.</summary>
    /// <param name="connection">A connection that waits for locks.</param>
    /// <param name="isMemory">Whether this is private memory: then there is no journal.</param>
    public static void Prepare(EmbeddedConnection connection, bool isMemory)
    {
        // In one transaction: between two looks another process may make the tables.
        connection.Execute("BEGIN");
        bool isOurs = IsOurs(connection);
        connection.Execute("COMMIT");
        if (!isMemory && SwitchJournal(connection) != "wal")
        {
            throw new StoreException(
                StoreError.Unsupported, "The file system of the embedded store cannot share memory between processes (a network drive?); use a local one.");
        }

        if (isOurs)
        {
            return;
        }

        connection.Execute("BEGIN IMMEDIATE");
        try
        {
            // Another process may have been quicker.
            if (!IsOurs(connection))
            {
                connection.Execute(Tables);
                connection.Execute($"PRAGMA application_id = {ApplicationId}; PRAGMA user_version = {Version}");
            }

            connection.Execute("COMMIT");
        }
        catch
        {
            connection.RollBack();
            throw;
        }
    }

    private static string SwitchJournal(EmbeddedConnection connection)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return connection.ReadText("PRAGMA journal_mode = WAL");
            }
            catch (StoreException e) when (e.Error == StoreError.Unavailable && attempt < MaxSwitches)
            {
                // Unlike other statements, the switch fails at once while others switch or read. Beginning to write waits for them.
                connection.Execute("BEGIN IMMEDIATE; COMMIT");
            }
        }
    }

    private static bool IsOurs(EmbeddedConnection connection)
    {
        long owner = connection.ReadNumber("PRAGMA application_id");
        long version = connection.ReadNumber("PRAGMA user_version");
        if (owner == ApplicationId)
        {
            return version == Version ? true : throw new StoreException(
                StoreError.Unsupported, $"The file of the embedded store has layout {version}; this version of the library knows layout {Version}.");
        }

        bool isEmpty = owner == 0 && version == 0 && connection.ReadNumber("SELECT count(*) FROM sqlite_schema") == 0;
        return isEmpty ? false : throw new StoreException(
            StoreError.ProtocolViolation, "The file given to the embedded store is another application's database. It was not changed.");
    }
}
