namespace ConfigClients.Configuration;

/// <summary>What the store was last seen to hold below one prefix, and what of it has not been applied yet. Not thread-safe.</summary>
/// <remarks>Keys that live with a session (seats, memberships) come and go with a process: they are not configuration.</remarks>
internal sealed class RootState(string prefix)
{
    private Dictionary<string, (Revision Revision, long Created)> _present = new(StringComparer.Ordinal);

    /// <summary>The prefix.</summary>
    public string Prefix { get; } = prefix;

    /// <summary>The newest entry of each key that changed since it was last cleared, or null if it is gone.</summary>
    public Dictionary<string, ConfigEntry?> Pending { get; } = new(StringComparer.Ordinal);

    /// <summary>Whether anything was seen at all.</summary>
    public bool IsKnown { get; private set; }

    /// <summary>Whether there is nothing below the prefix.</summary>
    public bool IsEmpty => _present.Count == 0;

    /// <summary>The store revision that was seen.</summary>
    public long Revision { get; private set; }

    /// <summary>When the store last confirmed it, as a timestamp.</summary>
    public long ConfirmedAt { get; set; }

    /// <summary>Why the watch or poll is out of touch; null while it is in touch.</summary>
    public DistributedConfigError? FeedFault { get; set; }

    /// <summary>Why the last verification failed; null if it did not.</summary>
    public DistributedConfigError? VerifyFault { get; set; }

    /// <summary>Whether everything disappeared and the last good values are kept.</summary>
    public bool HasVanished { get; set; }

    /// <summary>Takes in a whole state.</summary>
    public void Take(ConfigSnapshot snapshot)
    {
        Dictionary<string, (Revision Revision, long Created)> before = _present;
        _present = new Dictionary<string, (Revision Revision, long Created)>(snapshot.Entries.Count, StringComparer.Ordinal);
        foreach (ConfigEntry entry in snapshot.Entries.Where(IsConfiguration))
        {
            (Revision Revision, long Created) version = (entry.Revision, entry.CreateRevision);
            if (!before.Remove(entry.Key, out (Revision Revision, long Created) known) || known != version)
            {
                Pending[entry.Key] = entry;
            }

            _present.Add(entry.Key, version);
        }

        foreach (string gone in before.Keys)
        {
            Pending[gone] = null;
        }

        IsKnown = true;
        Revision = snapshot.Revision;
    }

    /// <summary>Takes in changes. What a listing has already shown to be older is passed over.</summary>
    public void Take(IReadOnlyList<ConfigChange> changes, long revision)
    {
        if (revision <= Revision)
        {
            return;
        }

        foreach (ConfigChange change in changes)
        {
            if (change.Entry is { } entry && IsConfiguration(entry))
            {
                _present[change.Key] = (entry.Revision, entry.CreateRevision);
                Pending[change.Key] = entry;
            }
            else if (_present.Remove(change.Key))
            {
                Pending[change.Key] = null;
            }
        }

        Revision = revision;
    }

    private bool IsConfiguration(ConfigEntry entry) => entry.SessionId is null && ConfigKey.IsBelow(entry.Key, Prefix);
}
