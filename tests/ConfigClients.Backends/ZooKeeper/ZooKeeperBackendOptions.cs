namespace ConfigClients.Backends.ZooKeeper;

/// <summary>What kind of ZooKeeper server a test wants. Everything off: no TLS, everything allowed.</summary>
public sealed record ZooKeeperBackendOptions
{
    /// <summary>The authority for TLS, which is then all that clients can speak; null for none. Must outlive the server.</summary>
    public TestPki? Pki { get; init; }

    /// <summary>What the server shows, when it is not to be a good certificate. Needs <see cref="Pki"/>.</summary>
    public TestCertificate? ServerCertificate { get; init; }

    /// <summary>Whether clients need a certificate of the same authority. Default true; without <see cref="Pki"/> of no effect.</summary>
    public bool RequireClientCertificate { get; init; } = true;

    /// <summary>Whether a session ends at once unless the client authenticates itself by scheme <c>digest</c>.</summary>
    public bool DigestRequired { get; init; }

    /// <summary>Whether a member without a majority serves reads to clients that accept it.</summary>
    public bool ReadOnlyMode { get; init; }

    /// <summary>The unit of the server's clock. Default 500 ms: sessions then last from 1 s up to <see cref="LongestSession"/>.</summary>
    public TimeSpan TickTime { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The longest session that is granted. Default 60 s.</summary>
    public TimeSpan LongestSession { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether the members of a cluster reach each other through this process, so that one can be cut off. Not in containers.</summary>
    public bool RelayPeers { get; init; }

    /// <summary>The longest request, in bytes, the server's <c>jute.maxbuffer</c>. Default: the server's own, 1 MiB less one.</summary>
    public int? MaxRequestBytes { get; init; }

    /// <summary>Further lines of the configuration, after those that this library writes and stronger. For instance <c>maxClientCnxns=5</c>.</summary>
    public IReadOnlyList<string> ExtraConfig { get; init; } = [];
}
