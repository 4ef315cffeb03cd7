namespace ConfigClients.Configuration;

/// <summary>Answers how the configuration stands to the store.</summary>
/// <remarks>Reads what <see cref="ConfigSync"/> writes, under the lock they share.</remarks>
internal sealed class ConfigStatus(Lock gate, IReadOnlyList<RootState> roots, ConfigComposer composer, TimeProvider time) : IDistributedConfigStatus
{
    private long _staleSince = time.GetTimestamp();
    private bool _wasLive;
    private DistributedConfigErrorKind? _toldFault;

    public DistributedConfigState State
    {
        get
        {
            lock (gate)
            {
                return !roots.Any(root => root.IsKnown) ? DistributedConfigState.Starting
                    : IsLive ? DistributedConfigState.Live
                    : DistributedConfigState.Stale;
            }
        }
    }

    public TimeSpan? StaleFor
    {
        get
        {
            lock (gate)
            {
                return IsLive ? null : time.GetElapsedTime(_staleSince);
            }
        }
    }

    public string? StaleReason
    {
        get
        {
            lock (gate)
            {
                return IsLive ? null : Fault?.Message ?? "Nothing has been loaded yet.";
            }
        }
    }

    public long Revision
    {
        get
        {
            lock (gate)
            {
                return roots.Max(root => root.Revision);
            }
        }
    }

    public TimeSpan? Age
    {
        get
        {
            lock (gate)
            {
                return roots.All(root => root.IsKnown) ? time.GetElapsedTime(roots.Min(root => root.ConfirmedAt)) : null;
            }
        }
    }

    public int KeyCount
    {
        get
        {
            lock (gate)
            {
                return composer.Image.Count;
            }
        }
    }

    public IReadOnlyList<DistributedConfigError> Rejected
    {
        get
        {
            lock (gate)
            {
                return composer.Rejected;
            }
        }
    }

    public IReadOnlyList<string> Vanished
    {
        get
        {
            lock (gate)
            {
                return [.. roots.Where(root => root.HasVanished).Select(root => root.Prefix)];
            }
        }
    }

    /// <summary>Why the configuration is not up to date, if that is known.</summary>
    public DistributedConfigError? Fault
    {
        get
        {
            lock (gate)
            {
                return roots.Select(root => root.FeedFault ?? root.VerifyFault).FirstOrDefault(fault => fault is not null);
            }
        }
    }

    /// <summary>Whether the store holds no configuration at all.</summary>
    public bool IsEmpty
    {
        get
        {
            lock (gate)
            {
                return roots.All(root => root.IsEmpty);
            }
        }
    }

    private bool IsLive => Fault is null && roots.All(root => root.IsKnown);

    /// <summary>Tells once of every change between live, out of reach and refused.</summary>
    /// <returns>The change, or null if there was none since the last call.</returns>
    public StateTransition? TakeTransition()
    {
        lock (gate)
        {
            if (Fault is { } fault)
            {
                bool isNews = _toldFault != fault.Kind;

                // Never live before: stale since the beginning. Refused after an outage: stale since that began.
                _staleSince = _wasLive && _toldFault is null ? time.GetTimestamp() : _staleSince;
                _toldFault = fault.Kind;
                return isNews ? new StateTransition(fault) : null;
            }

            _wasLive |= IsLive;
            if (IsLive && _toldFault is not null)
            {
                _toldFault = null;
                return new StateTransition(null);
            }

            return null;
        }
    }
}
