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
            ServerKind.Consul => [environment["CONSUL_BIN"]],
            ServerKind.Etcd => [environment["ETCD_BIN"]],
            _ => ZooKeeperCommand(environment),
        };
    }

    /// <summary>The tool of etcd's operators.</summary>
    /// <exception cref="InvalidOperationException">It is not there and could not be fetched; the message holds the script's output.</exception>
    public static async Task<string> EtcdctlAsync(CancellationToken cancellationToken) =>
        (await EnvironmentAsync(ServerKind.Etcd, cancellationToken))["ETCDCTL_BIN"];

    private static string[] ZooKeeperCommand(IReadOnlyDictionary<string, string> environment) =>
    [
        environment["JAVA_BIN"], "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData",
        "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn", "-Dzookeeper.admin.enableServer=false",
        "-cp", environment["ZOOKEEPER_CLASSPATH"], "org.apache.zookeeper.server.quorum.QuorumPeerMain",
    ];

    private static async Task<IReadOnlyDictionary<string, string>> EnvironmentAsync(ServerKind kind, CancellationToken cancellationToken)
    {
        string key = kind switch
        {
            ServerKind.Consul => "CONSUL_BIN",
            ServerKind.Etcd => "ETCD_BIN",
            _ => "ZOOKEEPER_CLASSPATH",
        };

        await Gate.WaitAsync(cancellationToken);
        try
        {
            IReadOnlyDictionary<string, string> environment = BackendsFolder.ReadEnvironment();
            if (!IsPresent(environment, key))
            {
                await FetchAsync(kind, cancellationToken);
                environment = BackendsFolder.ReadEnvironment();
            }

            return IsPresent(environment, key)
                ? environment
                : throw new InvalidOperationException($"{BackendsFolder.Path}/env has no {key} although the fetch succeeded.");
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <remarks>Paths are absolute, so those of a checkout that was moved lead nowhere.</remarks>
    private static bool IsPresent(IReadOnlyDictionary<string, string> environment, string key) =>
        environment.TryGetValue(key, out string? paths) && paths.Split(Path.PathSeparator).All(File.Exists);

    /// <remarks>The script itself keeps other processes out while it works.</remarks>
    private static async Task FetchAsync(ServerKind kind, CancellationToken cancellationToken)
    {
        string script = BackendsFolder.FetchScript;
        string[] arguments = [script, "--dir", BackendsFolder.Path, "--only", kind.ToString().ToLowerInvariant()];
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
                $"No native {kind}, and fetching it failed with exit code {process.ExitCode}. " +
                $"Run {string.Join(' ', arguments)}, start a container engine that has the image, or leave these tests out " +
                $"with CONFIGCLIENTS_BACKENDS=off. Its output:\n{await output}{await errors}");
        }
    }
}
