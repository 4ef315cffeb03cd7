namespace ConfigClients.Adapters;

/// <summary>What one watch has delivered so far; decides what each step of the source adds to it. Pure; not thread-safe.</summary>
internal sealed class WatchView(string prefix)
{
    private ConfigSnapshot _delivered = new(prefix, [], 0);
    private SortedDictionary<string, ConfigEntry>? _edited;

    /// <summary>The store revision delivered so far.</summary>
    public long Revision { get; private set; }

    /// <summary>Takes a whole read as the new truth, whatever came before.</summary>
    /// <param name="snapshot">What was read.</param>
    /// <returns>What differs from what was delivered.</returns>
    public IReadOnlyList<ConfigChange> Reset(ConfigSnapshot snapshot)
    {
        IReadOnlyList<ConfigChange> changes = SnapshotDiff.Between(Entries(), snapshot.Entries);
        _delivered = snapshot;
        _edited = null;
        Revision = snapshot.Revision;
        return changes;
    }

    /// <summary>Takes in a state that the source saw.</summary>
    /// <param name="snapshot">The state.</param>
    /// <returns>What differs, or null if its revision went back: then nothing was taken in.</returns>
    public IReadOnlyList<ConfigChange>? Apply(ConfigSnapshot snapshot) => snapshot.Revision < Revision ? null : Reset(snapshot);

    /// <summary>Takes in changes that the source saw. What is not newer than what was delivered is dropped.</summary>
    /// <param name="changes">The changes, oldest first.</param>
    /// <param name="revision">The store revision they lead to.</param>
    /// <returns>The newest change of each key that is news.</returns>
    public IReadOnlyList<ConfigChange> Apply(IReadOnlyList<ConfigChange> changes, long revision)
    {
        if (revision <= Revision)
        {
            return [];
        }

        _edited ??= Sorted(_delivered.Entries);
        Dictionary<string, ConfigEntry?> touched = new(StringComparer.Ordinal);
        foreach (ConfigChange change in changes)
        {
            if (!ConfigKey.IsBelow(change.Key, prefix))
            {
                continue;
            }

            bool known = _edited.TryGetValue(change.Key, out ConfigEntry? before);
            if (change.Entry is null ? !known : known && change.Entry.Revision <= before!.Revision)
            {
                continue;
            }

            touched.TryAdd(change.Key, before);
            if (change.Entry is null)
            {
                _edited.Remove(change.Key);
            }
            else
            {
                _edited[change.Key] = change.Entry;
            }
        }

        Revision = revision;
        return Differences(touched, _edited);
    }

    /// <summary>Nothing new up to here.</summary>
    /// <param name="revision">The store revision the source has seen.</param>
    public void Advance(long revision) => Revision = Math.Max(Revision, revision);

    /// <summary>The net effect: a key that came and went, or was replayed, is no news.</summary>
    private static List<ConfigChange> Differences(Dictionary<string, ConfigEntry?> before, SortedDictionary<string, ConfigEntry> after)
    {
        List<ConfigChange> changes = [];
        foreach ((string key, ConfigEntry? old) in before)
        {
            ConfigEntry? entry = after.GetValueOrDefault(key);
            if (old is null || entry is null ? old != entry : !SnapshotDiff.IsSame(old, entry))
            {
                changes.Add(new ConfigChange(key, entry));
            }
        }

        return changes;
    }

    private IReadOnlyList<ConfigEntry> Entries() => _edited is null ? _delivered.Entries : [.. _edited.Values];

    private static SortedDictionary<string, ConfigEntry> Sorted(IReadOnlyList<ConfigEntry> entries)
    {
        SortedDictionary<string, ConfigEntry> sorted = new(Comparer<string>.Create(ConfigKey.Compare));
        foreach (ConfigEntry entry in entries)
        {
            sorted.Add(entry.Key, entry);
        }

        return sorted;
    }
}
