using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>One thing a source noticed.</summary>
[Experimental("CONFIGCLIENTS001")]
public readonly record struct WatchStep
{
    private WatchStep(WatchStepKind kind, IReadOnlyList<ConfigChange>? changes, ConfigSnapshot? snapshot, long revision, string? reason)
    {
        Kind = kind;
        Changes = changes ?? [];
        Snapshot = snapshot;
        Revision = revision;
        Reason = reason;
    }

    /// <summary>What this step says.</summary>
    public WatchStepKind Kind { get; }

    /// <summary>What changed, oldest first, for <see cref="WatchStepKind.Changes"/>.</summary>
    public IReadOnlyList<ConfigChange> Changes { get; }

    /// <summary>The whole state, for <see cref="WatchStepKind.State"/>.</summary>
    public ConfigSnapshot? Snapshot { get; }

    /// <summary>The store revision reached.</summary>
    public long Revision { get; }

    /// <summary>Why, for <see cref="WatchStepKind.Gap"/>.</summary>
    public string? Reason { get; }

    /// <summary>Alive, nothing new.</summary>
    /// <param name="revision">The store revision reached.</param>
    /// <returns>The step.</returns>
    public static WatchStep Idle(long revision) => new(WatchStepKind.Idle, null, null, revision, null);

    /// <summary>These keys changed.</summary>
    /// <param name="changes">The changes, oldest first.</param>
    /// <param name="revision">The store revision reached.</param>
    /// <returns>The step.</returns>
    public static WatchStep FromChanges(IReadOnlyList<ConfigChange> changes, long revision) =>
        new(WatchStepKind.Changes, changes, null, revision, null);

    /// <summary>This is the whole state now.</summary>
    /// <param name="snapshot">The state. A lower revision than before is taken for a gap.</param>
    /// <returns>The step.</returns>
    public static WatchStep FromState(ConfigSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        return new WatchStep(WatchStepKind.State, null, snapshot, snapshot.Revision, null);
    }

    /// <summary>Continuity is lost.</summary>
    /// <param name="reason">Why, for logs and consumers.</param>
    /// <returns>The step.</returns>
    public static WatchStep Gap(string reason) => new(WatchStepKind.Gap, null, null, 0, reason);
}
