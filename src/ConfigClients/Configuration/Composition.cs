namespace ConfigClients.Configuration;

/// <summary>What taking in some changes came to.</summary>
/// <param name="Changed">How many settings have another value now; 0 means that nobody needs to be told.</param>
/// <param name="Errors">What was rejected and had not been before.</param>
/// <param name="Denied">Keys that tried to set what the store may not set.</param>
internal sealed record Composition(int Changed, IReadOnlyList<DistributedConfigError> Errors, IReadOnlyList<string> Denied);
