namespace ConfigClients;

/// <summary>How changes are noticed.</summary>
public enum SyncMode
{
    /// <summary>The store says so at once (a watch); every <see cref="DistributedConfigOptions.VerifyInterval"/> a listing verifies it.</summary>
    Push,

    /// <summary>A listing every <see cref="DistributedConfigOptions.PollInterval"/>, and nothing in between.</summary>
    Pull,
}
