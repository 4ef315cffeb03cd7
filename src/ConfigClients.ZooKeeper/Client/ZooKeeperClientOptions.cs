using System.Net.Security;
using ConfigClients.ZooKeeper.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients.ZooKeeper;

/// <summary>How to reach an ensemble.</summary>
public sealed class ZooKeeperClientOptions
{
    /// <summary>
    /// Servers of one ensemble, each as <c>host</c> or <c>host:port</c>; the port is 2181 if left out, an IPv6 address stands in brackets. At
    /// least one. They are tried in random order, and names are resolved anew for each round.
    /// </summary>
    public IList<string> Servers { get; internal set; } = [];

    /// <summary>The node that stands for the root: all paths lie below it. It must exist. Empty (the default) for the ensemble's own root.</summary>
    public string Chroot { get; set; } = "";

    /// <summary>
    /// How long a session outlives the client's silence. 1 s to 1 h; default 15 s. The ensemble moves it into its own limits, by default 4 to 40 s;
    /// <see cref="ZooKeeperClientSession.Timeout"/> says what was granted.
    /// </summary>
    public TimeSpan SessionTimeout { get; set; } = TimeSpan.FromSeconds(15);

    /// <summary>Longest wait for one call, waiting for a connection included. 10 ms to 1 h; default 10 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait for one connection, TLS and the session's answer included. 10 ms to 1 min; default 2 s; never more than a quarter of the session's time-out.</summary>
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Makes the TLS options for a connection to a host; asked for every connection. Default: none, connections are in clear.</summary>
    /// <remarks>For <c>secureClientPort</c>. If the target host is left empty, it is the host's name.</remarks>
    public Func<string, SslClientAuthenticationOptions>? Tls { get; set; }

    /// <summary>What to show to every server. Default: nothing.</summary>
    public IList<ZooKeeperCredential> Credentials { get; internal set; } = [];

    /// <summary>Whether credentials may go to another machine without TLS, in clear. Default: no.</summary>
    public bool AllowInsecureCredentials { get; set; }

    /// <summary>
    /// Whether a server without quorum will do, for reads only. The servers must run with read-only mode and local sessions. Default: no.
    /// </summary>
    public bool AllowReadOnly { get; set; }

    /// <summary>
    /// Whether gets that are asked for while others are under way share a request. Needs servers of 3.6 or later; for older ones it
    /// turns itself off. Default: yes.
    /// </summary>
    public bool CoalesceReads { get; set; } = true;

    /// <summary>The longest answer to take, in bytes. 64 KiB to 64 MiB; default 4 MiB.</summary>
    public int MaxResponseBytes { get; set; } = 4 * 1024 * 1024;

    /// <summary>How many events may wait in one subscription. 1 to 1,000,000; default 10,000.</summary>
    public int MaxQueuedEvents { get; set; } = 10_000;

    /// <summary>The clock. Default: the system's.</summary>
    public TimeProvider TimeProvider { get; set; } = TimeProvider.System;

    /// <summary>Takes events 5000 to 5999. Default: none.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>Reads a connection string as ZooKeeper's own clients take it: <c>a:2181,b:2181/chroot</c>.</summary>
    /// <param name="connectionString">The text.</param>
    /// <returns>Options with servers and chroot.</returns>
    /// <exception cref="FormatException">It is none.</exception>
    public static ZooKeeperClientOptions Parse(string connectionString)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        int slash = connectionString.IndexOf('/', StringComparison.Ordinal);
        ZooKeeperClientOptions options = new() { Chroot = slash < 0 ? "" : connectionString[slash..].TrimEnd('/') };
        foreach (string server in (slash < 0 ? connectionString : connectionString[..slash]).Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
        {
            _ = ZooKeeperServer.Parse(server);
            options.Servers.Add(server);
        }

        return options.Servers.Count > 0 ? options : throw new FormatException("A connection string names at least one server.");
    }

    internal ZooKeeperClientOptions Copy()
    {
        ZooKeeperClientOptions copy = (ZooKeeperClientOptions)MemberwiseClone();
        copy.Servers = [.. Servers];
        copy.Credentials = [.. Credentials];
        return copy;
    }
}
