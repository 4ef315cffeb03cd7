namespace ConfigClients.Backends.Etcd;

/// <summary>One etcd server for all tests of a process that leave it as they found it: own key prefix, no faults.</summary>
/// <remarks>
/// Started when first asked for. Nobody disposes it: it ends with the test process, like every server that this
/// library starts.
/// </remarks>
public static class SharedEtcd
{
    private static readonly Lazy<Task<EtcdBackend>> Server = new(() => EtcdBackend.StartAsync());

    /// <summary>The server, plain HTTP and without users.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    public static Task<EtcdBackend> GetAsync() => Server.Value;
}
