namespace ConfigClients;

/// <summary>The configuration that is <see cref="StartupMode.Required"/> could not be had at start-up. Holds no value and no credential.</summary>
/// <param name="error">Why.</param>
public sealed class DistributedConfigException(DistributedConfigError error) : Exception(MessageOf(error), InnerOf(error))
{
    /// <summary>Why: <see cref="DistributedConfigError.Kind"/> tells "not reachable" from "nothing there" from "not readable".</summary>
    public DistributedConfigError Error { get; } = error;

    private static string MessageOf(DistributedConfigError error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return $"The distributed configuration is required and could not be loaded. {error.Message}";
    }

    private static Exception? InnerOf(DistributedConfigError error) =>
        error.Kind == DistributedConfigErrorKind.CallbackFailed ? null : error.Exception;
}
