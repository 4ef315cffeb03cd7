namespace ConfigClients.Configuration;

/// <summary>The configuration became stale, or live again.</summary>
/// <param name="Fault">Why it became stale; null if it is live again.</param>
internal sealed record StateTransition(DistributedConfigError? Fault);
