namespace ConfigClients.Etcd.Tests;

/// <summary>Makes stores as an application does.</summary>
internal static class EtcdStores
{
    /// <summary>A store on one endpoint.</summary>
    public static IConfigStore Open(Uri endpoint, Action<EtcdStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null) =>
        Open([endpoint], options, configure);

    /// <summary>A store on several endpoints.</summary>
    public static IConfigStore Open(IEnumerable<Uri> endpoints, Action<EtcdStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null)
    {
        ConfigStoreBuilder builder = new ConfigStoreBuilder().UseEtcd(etcd =>
        {
            foreach (Uri endpoint in endpoints)
            {
                etcd.Endpoints.Add(endpoint);
            }

            options?.Invoke(etcd);
        });
        configure?.Invoke(builder);
        return builder.Build();
    }
}
