namespace ConfigClients.Core.Tests.Simulation;

/// <summary>A store of one prefix with its whole history; can be restored from a backup, which takes its revisions back.</summary>
internal sealed class StoreSimulation
{
    public const string Prefix = "p";

    private readonly List<(long Revision, ConfigChange Change)> _history = [];
    private readonly List<ConfigSnapshot> _states = [];
    private SortedDictionary<string, ConfigEntry> _entries = new(Comparer<string>.Create(ConfigKey.Compare));

    public StoreSimulation() => _states.Add(Snapshot());

    public long Revision { get; private set; }

    /// <summary>Counts the restores: a source that knows of none may not call its steps continuous.</summary>
    public int Epoch { get; private set; }

    /// <summary>Writes that were made since the simulation began; makes every value unique.</summary>
    public int Writes { get; private set; }

    /// <summary>Every state of this epoch, oldest first.</summary>
    public IReadOnlyList<ConfigSnapshot> States => _states;

    public void Set(int number)
    {
        string key = $"{Prefix}/{number}";
        Revision++;
        long created = _entries.TryGetValue(key, out ConfigEntry? old) ? old.CreateRevision : Revision;
        _entries[key] = new ConfigEntry(key, BitConverter.GetBytes(++Writes), new Revision(Revision), created);
        Remember(new ConfigChange(key, _entries[key]));
    }

    public void Delete(int number)
    {
        string key = $"{Prefix}/{number}";
        if (_entries.Remove(key))
        {
            Revision++;
            Remember(new ConfigChange(key, null));
        }
    }

    /// <summary>Goes back to an older state.</summary>
    public void Restore(int stepsBack)
    {
        ConfigSnapshot backup = _states[Math.Max(0, _states.Count - 1 - stepsBack)];
        _entries = new SortedDictionary<string, ConfigEntry>(_entries.Comparer);
        foreach (ConfigEntry entry in backup.Entries)
        {
            _entries[entry.Key] = entry;
        }

        Revision = backup.Revision;
        Epoch++;
        _history.Clear();
        _states.Clear();
        _states.Add(Snapshot());
    }

    public ConfigSnapshot Snapshot() => new(Prefix, [.. _entries.Values], Revision);

    /// <summary>The changes after one revision up to another.</summary>
    public IReadOnlyList<ConfigChange> Between(long after, long upTo) =>
        [.. _history.Where(item => item.Revision > after && item.Revision <= upTo).Select(static item => item.Change)];

    private void Remember(ConfigChange change)
    {
        _history.Add((Revision, change));
        _states.Add(Snapshot());
    }
}
