namespace ConfigClients;

/// <summary>What a store can do, so that an application can fail at start-up instead of later.</summary>
public sealed record StoreLimits
{
    /// <summary>Longest key, in bytes of UTF-8. 1024 on every store.</summary>
    public int MaxKeyBytes { get; init; } = ConfigKey.MaxBytes;

    /// <summary>Largest value, in bytes. 524,288 (512 KiB) on every store.</summary>
    public int MaxValueBytes { get; init; } = 512 * 1024;

    /// <summary>Most operations of one transaction. 60 on every store.</summary>
    public int MaxTransactionOperations { get; init; } = 60;

    /// <summary>Most bytes of keys and values in one transaction. 358,400 (350 KiB) on every store.</summary>
    public int MaxTransactionBytes { get; init; } = 350 * 1024;

    /// <summary>Whether <see cref="IConfigStore.ListAsync"/> is one point in time.</summary>
    public bool ListIsPointInTime { get; init; } = true;

    /// <summary>Whether a commit of several keys is seen whole by watches.</summary>
    public bool WatchSeesCommitsWhole { get; init; } = true;

    /// <summary>How many times its TTL a dead session may stand before the store ends it. 1; 2 on Consul.</summary>
    public double SessionEndFactor { get; init; } = 1;

    /// <summary>What may come on top of that, for the store's own timers.</summary>
    public TimeSpan SessionEndSlack { get; init; } = TimeSpan.FromSeconds(0.5);

    /// <summary>The latest moment at which the keys of a dead session are gone, counted from its last heartbeat.</summary>
    /// <param name="ttl">The granted TTL.</param>
    /// <returns>The bound for a store that itself stays up.</returns>
    public TimeSpan SessionEndsWithin(TimeSpan ttl) => (ttl * SessionEndFactor) + SessionEndSlack;
}
