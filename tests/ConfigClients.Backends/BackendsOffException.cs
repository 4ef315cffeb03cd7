namespace ConfigClients.Backends;

/// <summary>Thrown instead of starting a server when <c>CONFIGCLIENTS_BACKENDS=off</c>.</summary>
/// <remarks>Its message begins with the marker by which xunit.v3 knows a skip, so a test that lets it pass is reported as skipped.</remarks>
public sealed class BackendsOffException() : Exception(SkipMarker + Reason)
{
    /// <summary>What a fixture hands to <c>Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason)</c>.</summary>
    public const string Reason = "CONFIGCLIENTS_BACKENDS=off: this test needs a real server.";

    private const string SkipMarker = "$XunitDynamicSkip$";
}
