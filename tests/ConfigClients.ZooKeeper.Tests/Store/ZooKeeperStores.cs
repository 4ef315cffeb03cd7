namespace ConfigClients.ZooKeeper.Tests;

/// <summary>Makes stores as an application does.</summary>
internal static class ZooKeeperStores
{
    /// <summary>A store on these servers.</summary>
    public static IConfigStore Open(IEnumerable<string> servers, Action<ZooKeeperStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null)
    {
        ConfigStoreBuilder builder = new ConfigStoreBuilder().UseZooKeeper(zookeeper =>
        {
            foreach (string server in servers)
            {
                zookeeper.Servers.Add(server);
            }

            options?.Invoke(zookeeper);
        });
        configure?.Invoke(builder);
        return builder.Build();
    }
}
