namespace ConfigClients;

/// <summary>How long the configuration may be out of date before health says so.</summary>
public sealed class StoreHealthOptions
{
    /// <summary>Stale for longer than this is degraded. 0 or more; default 30 s, so that a leader election does not show.</summary>
    public TimeSpan DegradedAfter { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Stale for longer than this is unhealthy. At least <see cref="DegradedAfter"/>, or infinite: never; default 15 min.</summary>
    public TimeSpan UnhealthyAfter { get; set; } = TimeSpan.FromMinutes(15);
}
