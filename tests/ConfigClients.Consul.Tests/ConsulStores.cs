namespace ConfigClients.Consul.Tests;

/// <summary>Makes stores as an application does.</summary>
internal static class ConsulStores
{
    /// <summary>A store on one endpoint.</summary>
    public static IConfigStore Open(Uri endpoint, Action<ConsulStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null) =>
        Open([endpoint], options, configure);

    /// <summary>A store on several endpoints.</summary>
    public static IConfigStore Open(IEnumerable<Uri> endpoints, Action<ConsulStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null)
    {
        ConfigStoreBuilder builder = new ConfigStoreBuilder().UseConsul(consul =>
        {
            foreach (Uri endpoint in endpoints)
            {
                consul.Endpoints.Add(endpoint);
            }

            options?.Invoke(consul);
        });
        configure?.Invoke(builder);
        return builder.Build();
    }
}
