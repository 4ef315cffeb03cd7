using ConfigClients.Backends.Native;

namespace ConfigClients.Backends.ZooKeeper;

/// <summary>The Java client that comes with the native server, for programs of one source file.</summary>
public static class ZooKeeperJava
{
    /// <summary>The command that runs a source file with the client on its class path. Needs a Java machine with a compiler.</summary>
    /// <exception cref="InvalidOperationException">It is not there and could not be fetched.</exception>
    public static Task<IReadOnlyList<string>> CommandAsync(string sourceFile, CancellationToken cancellationToken = default) =>
        NativeServers.JavaClientAsync(sourceFile, cancellationToken);
}
