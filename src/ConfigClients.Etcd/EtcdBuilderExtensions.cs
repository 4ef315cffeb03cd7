using ConfigClients.Etcd;

namespace ConfigClients;

/// <summary>Adds the etcd store to a builder.</summary>
public static class EtcdBuilderExtensions
{
    /// <summary>
    /// Teaches the builder addresses like <c>etcd://a:2379,b:2379/prefix</c> and <c>etcd+https://a:2379</c>;
    /// with endpoints configured, also chooses etcd.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options. Default: nothing is set, the address says where.</param>
    /// <returns>The builder. Options are checked by <see cref="ConfigStoreBuilder.Build"/>, all faults at once.</returns>
    public static ConfigStoreBuilder UseEtcd(this ConfigStoreBuilder builder, Action<EtcdStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        EtcdStoreOptions options = new();
        configure?.Invoke(options);
        return builder.Use(new EtcdStoreFactory(options));
    }
}
