namespace ConfigClients;

/// <summary>One step of a watch: a snapshot, the changes since, or the news that the store is out of reach.</summary>
/// <remarks>
/// A consumer that keeps a dictionary does this: on <see cref="WatchBatchKind.Snapshot"/> replace it by <see cref="Snapshot"/>,
/// otherwise apply <see cref="Changes"/>. A consumer that only reacts to differences may use <see cref="Changes"/> alone:
/// after a gap it holds the difference to what this watch had delivered before, deletions included.
/// </remarks>
public sealed class WatchBatch
{
    private WatchBatch(WatchBatchKind kind, ConfigSnapshot? snapshot, IReadOnlyList<ConfigChange> changes, long revision, string? reason)
    {
        Kind = kind;
        Snapshot = snapshot;
        Changes = changes;
        Revision = revision;
        Reason = reason;
    }

    /// <summary>What this batch says.</summary>
    public WatchBatchKind Kind { get; }

    /// <summary>The whole state, if <see cref="Kind"/> is <see cref="WatchBatchKind.Snapshot"/>; otherwise null.</summary>
    public ConfigSnapshot? Snapshot { get; }

    /// <summary>What differs from the batch before: each key at most once, with its newest version. Never null.</summary>
    public IReadOnlyList<ConfigChange> Changes { get; }

    /// <summary>The store revision up to which this watch has delivered.</summary>
    public long Revision { get; }

    /// <summary>Why a snapshot came again, or why the store is out of reach; null on the first snapshot and on changes.</summary>
    public string? Reason { get; }

    /// <summary>The first snapshot of a watch, or the one after a gap.</summary>
    /// <param name="snapshot">The whole state.</param>
    /// <param name="changes">The difference to what was delivered before.</param>
    /// <param name="reason">Why continuity could not be shown; null on the first.</param>
    /// <returns>The batch.</returns>
    public static WatchBatch FromSnapshot(ConfigSnapshot snapshot, IReadOnlyList<ConfigChange> changes, string? reason)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new WatchBatch(WatchBatchKind.Snapshot, snapshot, changes, snapshot.Revision, reason);
    }

    /// <summary>Changes without a gap.</summary>
    /// <param name="changes">What changed; empty if the watch is only live again.</param>
    /// <param name="revision">The store revision reached.</param>
    /// <returns>The batch.</returns>
    public static WatchBatch FromChanges(IReadOnlyList<ConfigChange> changes, long revision) =>
        new(WatchBatchKind.Changes, null, changes, revision, null);

    /// <summary>The store is out of reach.</summary>
    /// <param name="reason">Why; free of values and credentials.</param>
    /// <param name="revision">The store revision delivered so far.</param>
    /// <returns>The batch.</returns>
    public static WatchBatch Stale(string reason, long revision) => new(WatchBatchKind.Stale, null, [], revision, reason);

    /// <summary>Kind, count and revision; never a value.</summary>
    /// <returns>A text for logs.</returns>
    public override string ToString() => $"{Kind} ({Changes.Count} changes)@{Revision}";
}
