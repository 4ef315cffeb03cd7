using ConfigClients.Backends.Containers;

namespace ConfigClients.Backends;

/// <summary>Decides once, from the environment, how a server is run.</summary>
public static class BackendSelection
{
    private const string Variable = "CONFIGCLIENTS_BACKENDS";

    /// <summary>What was asked for.</summary>
    /// <exception cref="InvalidOperationException">The variable holds none of the four words.</exception>
    public static BackendMode Requested
    {
        get
        {
            string word = Environment.GetEnvironmentVariable(Variable) ?? "";
            return word.ToUpperInvariant() switch
            {
                "" or "AUTO" => BackendMode.Auto,
                "CONTAINER" => BackendMode.Container,
                "NATIVE" => BackendMode.Native,
                "OFF" => BackendMode.Off,
                _ => throw new InvalidOperationException($"{Variable}={word}: expected auto, container, native or off."),
            };
        }
    }

    /// <summary>Whether tests that need a server are to be skipped.</summary>
    public static bool IsOff => Requested is BackendMode.Off;

    /// <summary>Container or native for this kind of server.</summary>
    /// <exception cref="BackendsOffException">The mode is off.</exception>
    /// <exception cref="InvalidOperationException">Containers were demanded and there is no engine or no image.</exception>
    internal static async Task<BackendMode> ResolveAsync(ServerKind kind, CancellationToken cancellationToken)
    {
        BackendMode requested = Requested;
        if (requested is BackendMode.Off)
        {
            throw new BackendsOffException();
        }

        if (requested is BackendMode.Native)
        {
            return BackendMode.Native;
        }

        ServerImage? image = await ServerImage.FindAsync(kind, cancellationToken);
        return (requested, image) switch
        {
            (_, not null) => BackendMode.Container,
            (BackendMode.Auto, null) => BackendMode.Native,
            _ => throw new InvalidOperationException(
                $"{Variable}=container, but {ContainerEngine.Describe()} and no image of {kind.Word()} is there " +
                $"({string.Join(", ", ServerImage.Candidates(kind))}). Start an engine, then pull the image or run eng/build-images.sh."),
        };
    }
}
