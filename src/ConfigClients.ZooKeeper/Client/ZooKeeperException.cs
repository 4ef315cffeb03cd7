namespace ConfigClients.ZooKeeper;

/// <summary>An operation of the client failed. Messages hold no data and no credentials.</summary>
public sealed class ZooKeeperException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="error">Why.</param>
    /// <param name="message">What happened, for a person.</param>
    /// <param name="mayHaveApplied">Whether the write may have taken place.</param>
    /// <param name="innerException">The cause.</param>
    public ZooKeeperException(ZooKeeperError error, string message, bool mayHaveApplied = false, Exception? innerException = null)
        : base(mayHaveApplied ? message + " The write may or may not have been applied; read before trying again." : message, innerException)
    {
        Error = error;
        MayHaveApplied = mayHaveApplied;
    }

    /// <summary>Why.</summary>
    public ZooKeeperError Error { get; }

    /// <summary>
    /// Whether the write may have taken place. False is a promise that it did not. Such a write is never sent again silently.
    /// </summary>
    public bool MayHaveApplied { get; }

    /// <summary>The path it was about, as the caller spelled it; null if it was about none.</summary>
    public string? Path { get; init; }

    /// <summary>Whether the same call may succeed later without anybody's help.</summary>
    public bool IsTransient => Error is ZooKeeperError.ConnectionLoss or ZooKeeperError.RequestTimeout or ZooKeeperError.Throttled
        or ZooKeeperError.OperationTimeout or ZooKeeperError.SessionMoved or ZooKeeperError.NotReadOnly or ZooKeeperError.NewConfigNoQuorum;
}
