namespace ConfigClients.Backends.Consul;

/// <summary>One Consul server for all tests of a process that leave it as they found it: own key prefix, no faults.</summary>
/// <remarks>
/// Started when first asked for. Nobody disposes it: it ends with the test process, like every server that this
/// library starts.
/// </remarks>
public static class SharedConsul
{
    private static readonly Lazy<Task<ConsulBackend>> Server = new(() => ConsulBackend.StartAsync());

    /// <summary>The server, plain HTTP and without ACLs.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    public static Task<ConsulBackend> GetAsync() => Server.Value;
}
