namespace ConfigClients;

/// <summary>Something that went wrong between the store and the configuration. Holds no value and no credential.</summary>
/// <param name="Kind">What.</param>
/// <param name="Message">What happened and what it means, for a person.</param>
public sealed record DistributedConfigError(DistributedConfigErrorKind Kind, string Message)
{
    /// <summary>The key in the store, if it is about one.</summary>
    public string? Key { get; init; }

    /// <summary>The other key, for <see cref="DistributedConfigErrorKind.Collision"/>.</summary>
    public string? OtherKey { get; init; }

    /// <summary>The line in a document, from 1; null where there is none.</summary>
    public long? Line { get; init; }

    /// <summary>The column in a document, in bytes, from 1; null where there is none.</summary>
    public long? Column { get; init; }

    /// <summary>
    /// What was thrown, if anything. For <see cref="DistributedConfigErrorKind.CallbackFailed"/> this is the application's own exception,
    /// and its message may quote a value: mind where it is written to.
    /// </summary>
    public Exception? Exception { get; init; }

    /// <summary>Kind and message; never a value.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => $"{Kind}: {Message}";
}
