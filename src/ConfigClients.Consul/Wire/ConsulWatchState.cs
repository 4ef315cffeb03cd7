namespace ConfigClients.Consul.Wire;

/// <summary>What a shared query saw last.</summary>
/// <param name="Version">Counts answers; a watch waits for a higher one than it saw.</param>
/// <param name="Snapshot">The state.</param>
/// <param name="Gap">Why continuity is lost; null if it is not.</param>
internal sealed record ConsulWatchState(long Version, ConfigSnapshot Snapshot, string? Gap);
