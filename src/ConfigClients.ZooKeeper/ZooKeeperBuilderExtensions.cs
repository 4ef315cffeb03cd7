using ConfigClients.ZooKeeper;

namespace ConfigClients;

/// <summary>Adds the ZooKeeper store to a builder.</summary>
public static class ZooKeeperBuilderExtensions
{
    /// <summary>
    /// Teaches the builder addresses like <c>zookeeper://a:2181,b:2181/prefix</c> and <c>zookeeper+tls://a:2281</c>;
    /// with servers configured, also chooses ZooKeeper.
    /// </summary>
    /// <param name="builder">The builder.</param>
    /// <param name="configure">Sets the options. Default: nothing is set, the address says where.</param>
    /// <returns>The builder. Options are checked by <see cref="ConfigStoreBuilder.Build"/>, all faults at once.</returns>
    public static ConfigStoreBuilder UseZooKeeper(this ConfigStoreBuilder builder, Action<ZooKeeperStoreOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        ZooKeeperStoreOptions options = new();
        configure?.Invoke(options);
        return builder.Use(new ZooKeeperStoreFactory(options));
    }
}
