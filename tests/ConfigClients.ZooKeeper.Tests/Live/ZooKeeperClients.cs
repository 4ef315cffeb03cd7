using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>Clients of real servers, and nodes that no other test uses.</summary>
internal static class ZooKeeperClients
{
    /// <summary>A client of these servers.</summary>
    public static ZooKeeperClient Open(IEnumerable<ZooKeeperBackend> servers, Action<ZooKeeperClientOptions>? configure = null) =>
        Open(string.Join(',', servers.Select(static server => $"{server.Host}:{server.Port}")), configure);

    /// <inheritdoc cref="Open(IEnumerable{ZooKeeperBackend}, Action{ZooKeeperClientOptions}?)"/>
    public static ZooKeeperClient Open(ZooKeeperBackend server, Action<ZooKeeperClientOptions>? configure = null) => Open([server], configure);

    /// <summary>A client that reaches its server through a proxy.</summary>
    public static ZooKeeperClient Open(FaultProxy proxy, Action<ZooKeeperClientOptions>? configure = null) => Open($"127.0.0.1:{proxy.Port}", configure);

    /// <summary>A node of its own on the server that tests share.</summary>
    public static async Task<(ZooKeeperClient Client, string Root)> OpenSharedAsync(Action<ZooKeeperClientOptions>? configure = null)
    {
        ZooKeeperClient client = Open(await SharedZooKeeper.GetAsync(), configure);
        string root = $"/t-{Guid.NewGuid():n}";
        await client.CreateAsync(root, null, cancellationToken: TestContext.Current.CancellationToken);
        return (client, root);
    }

    private static ZooKeeperClient Open(string servers, Action<ZooKeeperClientOptions>? configure)
    {
        ZooKeeperClientOptions options = ZooKeeperClientOptions.Parse(servers);
        configure?.Invoke(options);
        return new ZooKeeperClient(options);
    }
}
