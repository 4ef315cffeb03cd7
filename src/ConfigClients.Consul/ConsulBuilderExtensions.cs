using ConfigClients.Consul;

namespace ConfigClients;

/// <summary>Adds the Consul store to a builder.</summary>
public static class ConsulBuilderExtensions
{
    /// <summary>
    /// Teaches the builder addresses like <c>consul://a:8500,b:8500/prefix</c> and <c>consul+https://a:8501</c>;
    /// with endpoints configured, also chooses Consul.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options. Default: nothing is set, the address says where.</param>
    /// <returns>The builder. Options are checked by <see cref="ConfigStoreBuilder.Build"/>, all faults at once.</returns>
    public static ConfigStoreBuilder UseConsul(this ConfigStoreBuilder builder, Action<ConsulStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ConsulStoreOptions options = new();
        configure?.Invoke(options);
        return builder.Use(new ConsulStoreFactory(options));
    }
}
