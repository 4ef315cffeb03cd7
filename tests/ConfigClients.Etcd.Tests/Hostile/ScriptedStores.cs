namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Stores at a <see cref="ScriptedEtcd"/>.</summary>
internal static class ScriptedStores
{
    /// <summary>Long enough for a busy machine. Failures that are tried again until the deadline passes want a shorter one.</summary>
    public static readonly TimeSpan Patient = TimeSpan.FromSeconds(10);

    /// <summary>For calls that are tried until the deadline passes.</summary>
    public static readonly TimeSpan Impatient = TimeSpan.FromSeconds(0.6);

    /// <summary>Opens a store.</summary>
    public static IConfigStore Open(
        this ScriptedEtcd server, TimeSpan? timeout = null, Action<EtcdStoreOptions>? options = null, Action<ConfigStoreBuilder>? configure = null) =>
        EtcdStores.Open(
            server.Endpoint,
            etcd =>
            {
                etcd.RequestTimeout = timeout ?? Patient;
                etcd.ConnectTimeout = etcd.RequestTimeout / 2;
                options?.Invoke(etcd);
            },
            configure);
}
