namespace ConfigClients;

/// <summary>What a <see cref="WatchBatch"/> says.</summary>
public enum WatchBatchKind
{
    /// <summary>The whole state: the first batch of a watch, and again after any gap.</summary>
    Snapshot,

    /// <summary>What changed since the batch before. May be empty: then it only says that the watch is live again.</summary>
    Changes,

    /// <summary>The store cannot be reached; what you have may be out of date. Comes once per outage; any other batch ends it.</summary>
    Stale,
}
