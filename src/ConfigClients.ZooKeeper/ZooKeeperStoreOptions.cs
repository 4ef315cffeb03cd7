using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.ZooKeeper;

/// <summary>How to reach a ZooKeeper ensemble.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The attributes are read at compile time, by the generator of the validator; nothing reflects on them.")]
public sealed class ZooKeeperStoreOptions
{
    /// <summary>
    /// Servers of one ensemble, each as <c>host</c> or <c>host:port</c>; the port is 2181 if left out. At least one. One is used at a time; another when it fails.
    /// </summary>
    [Required, MinLength(1)]
    public IList<string> Servers { get; internal set; } = [];

    /// <summary>The prefix all keys live below, without slashes at the ends. A key; empty (the default) for none. Its nodes are created when something is written.</summary>
    [Required(AllowEmptyStrings = true)]
    public string Prefix { get; set; } = "";

    /// <summary>The user, for the scheme <c>digest</c>. Default: none.</summary>
    public string? User { get; set; }

    /// <summary>The user's password. Default: none.</summary>
    public string? Password { get; set; }

    /// <summary>Whether user and password may go without TLS to a host other than this machine, in clear. Default: no.</summary>
    public bool AllowInsecurePassword { get; set; }

    /// <summary>Who may do what with nodes that the store creates. Default: with a user, that user everything and nobody else anything; without one, everybody everything.</summary>
    public IReadOnlyList<ZooKeeperAcl>? Acl { get; set; }

    /// <summary>Longest wait for one call, retries included. 100 ms to 5 min; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for one connection, TLS included. 50 ms to 1 min, not longer than <see cref="RequestTimeout"/>; default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether the servers are reached over TLS, at their <c>secureClientPort</c>. Default: no.</summary>
    public bool UseTls { get; set; }

    /// <summary>Certificates, for TLS.</summary>
    public StoreTlsOptions Tls { get; set; } = new();

    internal ZooKeeperStoreOptions Copy()
    {
        ZooKeeperStoreOptions copy = (ZooKeeperStoreOptions)MemberwiseClone();
        copy.Servers = [.. Servers];
        return copy;
    }
}
