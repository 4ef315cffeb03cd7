using System.Diagnostics;

namespace ConfigClients.Backends.Native;

/// <summary>Finds the executables of the native servers, and has them fetched when they are not there.</summary>
internal static class NativeServers
{
    private static readonly SemaphoreSlim Gate = new(1, 1);

    /// <summary>The command that runs a server, without the server's own arguments.</summary>
    /// <exception cref="InvalidOperationException">It is not there and could not be fetched; the message holds the script's output.</exception>
    public static async Task<IReadOnlyList<string>> CommandAsync(ServerKind kind, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> environment = await EnvironmentAsync(kind, cancellationToken);
        return kind switch
        {
            ServerKind.ZooKeeper => ZooKeeperCommand(environment),
            _ => [environment[Key(kind)]],
        };
    }

    /// <summary>The tool of etcd's operators.</summary>
    /// <exception cref="InvalidOperationException">It is not there and could not be fetched; the message holds the script's output.</exception>
    public static async Task<string> EtcdctlAsync(CancellationToken cancellationToken) =>
        (await EnvironmentAsync(ServerKind.Etcd, cancellationToken))["ETCDCTL_BIN"];

    /// <summary>The command that runs a Java program with ZooKeeper's client, compiled in passing.</summary>
    public static async Task<IReadOnlyList<string>> JavaClientAsync(string sourceFile, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<string, string> environment = await EnvironmentAsync(ServerKind.ZooKeeper, cancellationToken);
        return [environment["JAVA_BIN"], "-Dorg.slf4j.simpleLogger.defaultLogLevel=error", "-cp", environment["ZOOKEEPER_CLASSPATH"], sourceFile];
    }

    private static string[] ZooKeeperCommand(IReadOnlyDictionary<string, string> environment) =>
    [
        environment["JAVA_BIN"], "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn",
        "-cp", environment["ZOOKEEPER_CLASSPATH"], "org.apache.zookeeper.server.quorum.QuorumPeerMain",
    ];

    private static async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(ServerKind kind, CancellationToken cancellationToken)
    {
        string key = Key(kind);
        await Gate.WaitAsync(cancellationToken);
        try
        {
            IReadOnlyDictionary<string, string> environment = BackendsFolder.ReadEnvironment();
            if (!IsPresent(environment, key))
            {
                string notes = await FetchAsync(kind, cancellationToken);
                environment = BackendsFolder.ReadEnvironment();
                if (!IsPresent(environment, key))
                {
                    throw new InvalidOperationException($"No native {kind.Word()} on this machine. What fetching it said:\n{notes}");
                }
            }

            return environment;
        }
        finally
        {
            Gate.Release();
        }
    }

    private static string Key(ServerKind kind) => kind.Variable() + (kind is ServerKind.ZooKeeper ? "_CLASSPATH" : "_BIN");

    /// <remarks>Paths are absolute, so those of a checkout that was moved lead nowhere.</remarks>
    private static bool IsPresent(IReadOnlyDictionary<string, string> environment, string key) =>
        environment.TryGetValue(key, out string? paths) && paths.Split(Path.PathSeparator).All(File.Exists);

    /// <remarks>The script itself keeps other processes out while it works.</remarks>
    private static async Task<string> FetchAsync(ServerKind kind, CancellationToken cancellationToken)
    {
        string script = BackendsFolder.FetchScript;
        string[] arguments = [script, "--dir", BackendsFolder.Path, "--only", kind.Word()];
        ProcessStartInfo start = new("/usr/bin/env", ["bash", .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };

        using Process process = Process.Start(start) ?? throw new InvalidOperationException("bash did not start.");
        Task<string> output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        Task<string> errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException(
                $"No native {kind.Word()}, and fetching it failed with exit code {process.ExitCode}. " +
                $"Run {string.Join(' ', arguments)}, start a container engine that has the image, or leave these tests out " +
                $"with CONFIGCLIENTS_BACKENDS=off. Its output:\n{await output}{await errors}");
        }

        return await errors;
    }
}
