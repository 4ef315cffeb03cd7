using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Etcd;

/// <summary>How to reach an etcd cluster.</summary>
[UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "The attributes are read at compile time, by the generator of the validator; nothing reflects on them.")]
public sealed class EtcdStoreOptions
{
    /// <summary>
    /// Client addresses of the members of one cluster. At least one; <c>http</c> or <c>https</c>, all alike, host and port only. Calls go round those that
    /// answer; one that does not is left alone until it does again.
    /// </summary>
    [Required, MinLength(1)]
    public IList<Uri> Endpoints { get; internal set; } = [];

    /// <summary>
    /// The prefix all keys live below, without a slash at the end. A key, or a key with one slash before it, as many tools write to etcd;
    /// empty (the default) for none.
    /// </summary>
    [Required(AllowEmptyStrings = true)]
    public string Prefix { get; set; } = "";

    /// <summary>The user. Default: the environment's <c>ETCDCTL_USER</c> (<c>name</c> or <c>name:password</c>), or none.</summary>
    public string? User { get; set; }

    /// <summary>The user's password. Default: the environment's <c>ETCDCTL_PASSWORD</c>, or what <c>ETCDCTL_USER</c> holds.</summary>
    public string? Password { get; set; }

    /// <summary>Whether user and password may go over <c>http</c> to a host other than this machine, in clear. Default: no.</summary>
    public bool AllowInsecurePassword { get; set; }

    /// <summary>Longest wait for one call, retries included. 100 ms to 5 min; default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:05:00")]
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait for one connection, TLS included. 50 ms to 1 min, not longer than <see cref="RequestTimeout"/>; default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.05", "00:01:00")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// How long the stream of the watches stays open before another one takes over, so that a right that was taken away is noticed and load spreads
    /// over the members again. No change is missed. 10 s to 15 min; default 10 min.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:10", "00:15:00")]
    public TimeSpan MaxWatchAge { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Certificates, for <c>https</c>.</summary>
    public StoreTlsOptions Tls { get; set; } = new();

    internal EtcdStoreOptions Copy()
    {
        EtcdStoreOptions copy = (EtcdStoreOptions)MemberwiseClone();
        copy.Endpoints = [.. Endpoints];
        return copy;
    }
}
