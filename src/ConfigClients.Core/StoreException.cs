namespace ConfigClients;

/// <summary>An operation failed. A condition that does not hold is not one of these: that is an answer.</summary>
/// <remarks>Messages hold no values and no credentials.</remarks>
public sealed class StoreException : Exception
{
    /// <summary>Makes an exception.</summary>
    /// <param name="error">Why.</param>
    /// <param name="message">What happened, for a person; free of values and credentials.</param>
    /// <param name="mayHaveApplied">Whether the write may have taken place.</param>
    /// <param name="innerException">The cause.</param>
    public StoreException(StoreError error, string message, bool mayHaveApplied = false, Exception? innerException = null)
        : base(mayHaveApplied ? message + " The write may or may not have been applied; read before trying again." : message, innerException)
    {
        Error = error;
        MayHaveApplied = mayHaveApplied;
    }

    /// <summary>Why the operation failed.</summary>
    public StoreError Error { get; }

    /// <summary>
    /// Whether the write may have taken place. False is a promise that it did not. Such a write is never sent again silently.
    /// </summary>
    public bool MayHaveApplied { get; }

    /// <summary>How long the store asks to wait before another try, if it said so.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Whether the same call may succeed later without anybody's help.</summary>
    public bool IsTransient => Error is StoreError.Unavailable or StoreError.Throttled;
}
