namespace ConfigClients.Configuration;

/// <summary>The settings that one key of the store provides, in its last good version.</summary>
/// <param name="Layer">The layer it belongs to.</param>
/// <param name="Settings">The settings.</param>
internal sealed record Fragment(int Layer, KeyValuePair<string, string?>[] Settings);
