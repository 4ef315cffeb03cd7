using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Consul;

/// <summary>How to reach a Consul server or agent.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The attributes are read at compile time, by the generator of the validator; nothing reflects on them.")]
public sealed class ConsulStoreOptions
{
    /// <summary>
    /// Addresses of servers or agents of one data centre, tried in turn after a failure. At least one; <c>http</c> or <c>https</c>,
    /// host and port only. All take the token, so all must be yours.
    /// </summary>
    [Required, MinLength(1)]
    public IList<Uri> Endpoints { get; internal set; } = [];

    /// <summary>The prefix all keys live below, without slashes at the ends. A key; empty (the default) for none.</summary>
    [Required(AllowEmptyStrings = true)]
    public string Prefix { get; set; } = "";

    /// <summary>The ACL token. Default: the environment's <c>CONSUL_HTTP_TOKEN</c>, or none.</summary>
    public string? Token { get; set; }

    /// <summary>Whether the token may go over <c>http</c> to a host other than this machine, in clear. Default: no.</summary>
    public bool AllowInsecureToken { get; set; }

    /// <summary>The data centre to talk to. Default: that of the endpoint.</summary>
    public string? Datacenter { get; set; }

    /// <summary>The namespace; Consul Enterprise only. Default: that of the token.</summary>
    public string? Namespace { get; set; }

    /// <summary>The admin partition; Consul Enterprise only. Default: that of the endpoint.</summary>
    public string? Partition { get; set; }

    /// <summary>Longest wait for one call, retries included. 100 ms to 5 min; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for one connection, TLS included. 50 ms to 1 min, not longer than <see cref="RequestTimeout"/>; default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long one watch query waits at the server when nothing changes. 5 s to 5 min; default 55 s.</summary>
    [Range(typeof(TimeSpan), "00:00:05", "00:05:00")]
    public TimeSpan WatchWait { get; set; } = TimeSpan.FromSeconds(55);

    /// <summary>
    /// Most connections for everything but watches, per endpoint. 1 to 1000; default 64. A server takes 200 per client address by
    /// default (<c>http_max_conns_per_client</c>), shared by all processes behind that address.
    /// </summary>
    [Range(1, 1000)]
    public int MaxConnections { get; set; } = 64;

    /// <summary>
    /// Most watch queries at a time; further watches poll. 1 to 1000; default 64. Watches of one prefix, or of a prefix below
    /// one that is watched already, share one query. Counts against the same limit as <see cref="MaxConnections"/>.
    /// </summary>
    [Range(1, 1000)]
    public int MaxWatchConnections { get; set; } = 64;

    /// <summary>Certificates, for <c>https</c>.</summary>
    public StoreTlsOptions Tls { get; set; } = new();

    internal ConsulStoreOptions Copy()
    {
        ConsulStoreOptions copy = (ConsulStoreOptions)MemberwiseClone();
        copy.Endpoints = [.. Endpoints];
        return copy;
    }
}
