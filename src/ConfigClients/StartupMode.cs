namespace ConfigClients;

/// <summary>What happens when the configuration cannot be had at start-up.</summary>
public enum StartupMode
{
    /// <summary>The application does not start: one <see cref="DistributedConfigException"/> says why.</summary>
    Required,

    /// <summary>The application starts with what there is, and the rest is filled in when it can be had.</summary>
    Optional,
}
