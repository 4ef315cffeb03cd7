namespace ConfigClients;

/// <summary>What to ask for when a session is opened.</summary>
public sealed class StoreSessionOptions
{
    /// <summary>The shortest lifetime all stores can grant: 10 s.</summary>
    public static readonly TimeSpan MinTtl = TimeSpan.FromSeconds(10);

    /// <summary>The longest lifetime all stores can grant: 40 s.</summary>
    public static readonly TimeSpan MaxTtl = TimeSpan.FromSeconds(40);

    /// <summary>
    /// How long the session outlives its last confirmed heartbeat. 10 s to 40 s; default 15 s.
    /// What was granted is in <see cref="IStoreSession.GrantedTtl"/>.
    /// </summary>
    public TimeSpan Ttl { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>A name for operators, shown where the store can show one. Default: none.</summary>
    public string? Name { get; init; }

    internal void Check()
    {
        if (Ttl < MinTtl || Ttl > MaxTtl)
        {
            throw new ArgumentOutOfRangeException(
                "options", $"StoreSessionOptions.Ttl is {Ttl.TotalSeconds} s; it must be {MinTtl.TotalSeconds} s to {MaxTtl.TotalSeconds} s.");
        }
    }
}
