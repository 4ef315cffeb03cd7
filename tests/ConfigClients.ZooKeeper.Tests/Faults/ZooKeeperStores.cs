using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>Makes stores as an application does, with more patience.</summary>
internal static class ZooKeeperStores
{
    /// <summary>The prefix of all of them; the root of a server belongs to nobody.</summary>
    public const string Prefix = "faults";

    /// <summary>A store of one server.</summary>
    public static IConfigStore Open(ZooKeeperBackend server, Action<ZooKeeperStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null) =>
        Open([server], options, configure);

    /// <summary>A store of several servers.</summary>
    public static IConfigStore Open(IEnumerable<ZooKeeperBackend> servers, Action<ZooKeeperStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null) =>
        Open(servers.Select(static server => $"127.0.0.1:{server.Port}"), options, configure);

    /// <summary>A store that reaches its servers through proxies.</summary>
    public static IConfigStore Open(FaultProxy proxy, Action<ZooKeeperStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null) =>
        Open([proxy], options, configure);

    /// <inheritdoc cref="Open(FaultProxy, Action{ZooKeeperStoreOptions}?, Action{ConfigStoreBuilder}?)"/>
    public static IConfigStore Open(IEnumerable<FaultProxy> proxies, Action<ZooKeeperStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null) =>
        Open(proxies.Select(static proxy => $"127.0.0.1:{proxy.Port}"), options, configure);

    /// <summary>A store of servers by name.</summary>
    public static IConfigStore Open(IEnumerable<string> servers, Action<ZooKeeperStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null)
    {
        ConfigStoreBuilder builder = new ConfigStoreBuilder().UseZooKeeper(zooKeeper =>
        {
            zooKeeper.Prefix = Prefix;

            // Servers that have just begun are slow, and tests that want to see a call end say when.
            zooKeeper.RequestTimeout = TimeSpan.FromSeconds(15);
            foreach (string server in servers)
            {
                zooKeeper.Servers.Add(server);
            }

            options?.Invoke(zooKeeper);
        });
        configure?.Invoke(builder);
        return builder.Build();
    }
}
