namespace ConfigClients.Conformance;

/// <summary>
/// Does with the batches of one watch what the documentation of <see cref="WatchBatch"/> says, in both ways, and notes every broken promise. Pure; not thread-safe.
/// </summary>
public sealed class WatchConsumer(string prefix)
{
    private readonly Dictionary<string, ConfigEntry> _state = new(StringComparer.Ordinal);
    private readonly Dictionary<string, ConfigEntry> _fromChanges = new(StringComparer.Ordinal);
    private readonly List<string> _faults = [];
    private WatchBatch? _last;
    private bool _hasSnapshot;

    /// <summary>The state, by replacing it at each snapshot.</summary>
    public IReadOnlyDictionary<string, ConfigEntry> State => _state;

    /// <summary>The state, from the changes alone.</summary>
    public IReadOnlyDictionary<string, ConfigEntry> StateFromChanges => _fromChanges;

    /// <summary>Promises the watch broke.</summary>
    public IReadOnlyList<string> Faults => _faults;

    /// <summary>Takes in one batch.</summary>
    /// <param name="batch">The batch.</param>
    public void Take(WatchBatch batch)
    {
        Require(batch.Kind != WatchBatchKind.Stale || _last?.Kind != WatchBatchKind.Stale, "stale twice in one outage", batch);
        Require(_hasSnapshot || batch.Kind != WatchBatchKind.Changes, "changes before the first snapshot", batch);
        Require(batch.Changes.Select(static change => change.Key).Distinct(StringComparer.Ordinal).Count() == batch.Changes.Count, "a key twice in one batch", batch);
        switch (batch.Kind)
        {
            case WatchBatchKind.Snapshot:
                CheckSnapshot(batch);
                _hasSnapshot = true;
                _state.Clear();
                foreach (ConfigEntry entry in batch.Snapshot!.Entries)
                {
                    _state[entry.Key] = entry;
                }

                break;
            case WatchBatchKind.Changes:
                CheckChanges(batch);
                Apply(_state, batch.Changes);
                break;
            default:
                Require(batch.Changes.Count == 0 && batch.Reason is not null, "stale without a reason, or with changes", batch);
                break;
        }

        Apply(_fromChanges, batch.Changes);
        Require(IsSame(_state, _fromChanges), "snapshot and changes lead to different states", batch);
        _last = batch;
    }

    private void CheckSnapshot(WatchBatch batch)
    {
        ConfigSnapshot snapshot = batch.Snapshot!;
        Require(snapshot.Prefix == prefix, "a snapshot of another prefix", batch);
        Require((batch.Reason is null) == !_hasSnapshot, "the first snapshot has no reason, every later one has", batch);
        for (int i = 0; i < snapshot.Entries.Count; i++)
        {
            Require(ConfigKey.IsBelow(snapshot.Entries[i].Key, prefix), "a key outside the prefix", batch);
            Require(i == 0 || ConfigKey.Compare(snapshot.Entries[i - 1].Key, snapshot.Entries[i].Key) < 0, "a snapshot out of order", batch);
        }
    }

    private void CheckChanges(WatchBatch batch)
    {
        Require(batch.Snapshot is null && batch.Reason is null, "changes with a snapshot or a reason", batch);
        Require(batch.Changes.Count > 0 || _last?.Kind == WatchBatchKind.Stale, "an empty batch that ends no outage", batch);
        Require(batch.Revision >= (_last?.Revision ?? 0), "the revision went back without a snapshot", batch);
        foreach (ConfigChange change in batch.Changes)
        {
            bool known = _state.TryGetValue(change.Key, out ConfigEntry? before);
            Require(ConfigKey.IsBelow(change.Key, prefix), "a key outside the prefix", batch);
            Require(!change.IsDelete || known, $"the delete of a key that was never delivered: {change}", batch);
            Require(change.Entry is null || !known || change.Entry.Revision > before!.Revision, $"a version that is not newer: {change} after {before}", batch);
            Require(change.Entry is null || change.Entry.Revision.Number <= batch.Revision, $"a version newer than its batch: {change}", batch);
        }
    }

    private void Require(bool holds, string fault, WatchBatch batch)
    {
        if (!holds)
        {
            _faults.Add($"{batch}: {fault}");
        }
    }

    private static void Apply(Dictionary<string, ConfigEntry> state, IReadOnlyList<ConfigChange> changes)
    {
        foreach (ConfigChange change in changes)
        {
            if (change.Entry is null)
            {
                state.Remove(change.Key);
            }
            else
            {
                state[change.Key] = change.Entry;
            }
        }
    }

    private static bool IsSame(Dictionary<string, ConfigEntry> left, Dictionary<string, ConfigEntry> right) =>
        left.Count == right.Count
        && left.All(pair => right.TryGetValue(pair.Key, out ConfigEntry? other) && other.Revision == pair.Value.Revision && other.CreateRevision == pair.Value.CreateRevision);
}
