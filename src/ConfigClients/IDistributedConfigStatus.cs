namespace ConfigClients;

/// <summary>How the configuration stands to the store, at this moment. Safe to use from several threads; holds no values.</summary>
public interface IDistributedConfigStatus
{
    /// <summary>Whether what the application sees is up to date.</summary>
    DistributedConfigState State { get; }

    /// <summary>How long it has not been up to date; null while <see cref="DistributedConfigState.Live"/>.</summary>
    TimeSpan? StaleFor { get; }

    /// <summary>Why it is not up to date; null while <see cref="DistributedConfigState.Live"/>.</summary>
    string? StaleReason { get; }

    /// <summary>The store revision up to which the configuration has been delivered; 0 before the first.</summary>
    long Revision { get; }

    /// <summary>
    /// Time since the store last confirmed the configuration, by a change, a verification or a poll; null before the first.
    /// While all is well it stays below the verification or poll interval.
    /// </summary>
    TimeSpan? Age { get; }

    /// <summary>How many settings the store provides.</summary>
    int KeyCount { get; }

    /// <summary>Keys whose newest version was rejected; their last good values are in use.</summary>
    IReadOnlyList<DistributedConfigError> Rejected { get; }

    /// <summary>Prefixes below which everything disappeared; their last good values are in use.</summary>
    IReadOnlyList<string> Vanished { get; }
}
