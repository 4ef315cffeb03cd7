namespace ConfigClients.Embedded;

/// <summary>What the database engine's result codes mean in the contract's words.</summary>
internal static class EmbeddedErrors
{
    private const int DamagedFileSystem = 10 | (33 << 8);

    /// <summary>Turns a result code into the exception to throw.</summary>
    /// <param name="code">The extended result code.</param>
    /// <param name="committing">Whether it was the commit that failed.</param>
    /// <param name="cause">The cause.</param>
    /// <returns>The exception.</returns>
    public static StoreException From(int code, bool committing, Exception? cause)
    {
        (StoreError error, string message) = Explain(code);

        // A commit that met a lock or a full disk wrote no complete commit record. After any other failure the record may be in the
        // journal, and would count if the process ended before the next write goes over it.
        bool mayHaveApplied = committing && (code & 0xff) is not (5 or 6 or 13);
        return new StoreException(error, message, mayHaveApplied, cause);
    }

    private static (StoreError Error, string Message) Explain(int code) => code == DamagedFileSystem
        ? (StoreError.Corrupt, "The file system reports the embedded store's file as damaged.")
        : (code & 0xff) switch
        {
            5 or 6 => (StoreError.Unavailable, "Another process holds the embedded store's lock."),
            7 => (StoreError.Unavailable, "There is no memory left for the embedded store."),
            9 or 15 or 17 => (StoreError.Unavailable, "The embedded store was interrupted."),
            10 => (StoreError.Unavailable, "Reading or writing the embedded store's file failed."),
            3 or 23 => (StoreError.Denied, "This user may not use the embedded store's file."),
            8 => (StoreError.Denied, "The embedded store's file or its directory may not be written by this user."),
            14 => (StoreError.Denied, "The embedded store's file or its directory cannot be opened by this user."),
            13 => (StoreError.StoreFull, "There is no room left on the disk of the embedded store."),
            18 => (StoreError.TooLarge, "The value is too large for the embedded store."),
            11 => (StoreError.Corrupt, "The embedded store's file is damaged."),
            26 => (StoreError.Corrupt, "The file given to the embedded store is not a database, or a damaged one. It was not changed."),
            1 => (StoreError.Corrupt, "The embedded store's file does not hold the tables it should."),
            _ => (StoreError.ProtocolViolation, $"The embedded store failed with code {code}."),
        };
}
