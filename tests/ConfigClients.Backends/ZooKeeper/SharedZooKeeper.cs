namespace ConfigClients.Backends.ZooKeeper;

/// <summary>One ZooKeeper server for all tests of a process that leave it as they found it: own path, no faults.</summary>
/// <remarks>
/// Started when first asked for. Nobody disposes it: it ends with the test process, like every server that this
/// library starts.
/// </remarks>
public static class SharedZooKeeper
{
    private static readonly Lazy<Task<ZooKeeperBackend>> Server = new(() => ZooKeeperBackend.StartAsync());

    /// <summary>The server, without TLS and without authentication.</summary>
    /// <exception cref="BackendsOffException">Servers are switched off; lets xunit report a skip.</exception>
    public static Task<ZooKeeperBackend> GetAsync() => Server.Value;
}
