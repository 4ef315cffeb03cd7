using ConfigClients.Embedded;

namespace ConfigClients;

/// <summary>Adds the embedded store to a builder.</summary>
public static class EmbeddedBuilderExtensions
{
    /// <summary>
    /// Adds the store that lives on this machine, without a server: in a file that all processes of the machine share, or in private memory.
    /// Its addresses are <c>embedded:</c> (the user's default file), <c>embedded:/path/file.db</c> and <c>embedded::memory:</c>.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options; with a path or memory it also chooses this store. Default: nothing is set.</param>
    /// <returns>The builder. <see cref="ConfigStoreBuilder.Build"/> throws <c>OptionsValidationException</c>, listing all faults, if the options are not valid.</returns>
    public static ConfigStoreBuilder UseEmbedded(this ConfigStoreBuilder builder, Action<EmbeddedStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        EmbeddedStoreOptions options = new();
        configure?.Invoke(options);
        return builder.Use(new EmbeddedStoreFactory(options));
    }
}
