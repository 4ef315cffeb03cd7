namespace ConfigClients.Backends.Etcd;

/// <summary>What kind of etcd server a test wants. Everything off: plain HTTP, everything allowed.</summary>
public sealed record EtcdBackendOptions
{
    private const string Variable = "CONFIGCLIENTS_ETCD_RELEASE";

    /// <summary>Which etcd. Default: the one that <c>CONFIGCLIENTS_ETCD_RELEASE</c> names, <c>stable</c> or <c>next</c>; without it the stable one.</summary>
    public EtcdRelease Release { get; init; } = Requested;

    /// <summary>Whether every request needs a user. <see cref="EtcdBackend.Control"/> then acts as root and makes other users.</summary>
    public bool AuthEnabled { get; init; }

    /// <summary>The authority for TLS; null for plain HTTP. Must outlive the server.</summary>
    public TestPki? Pki { get; init; }

    /// <summary>What the server shows to clients, when it is not to be a good certificate. Needs <see cref="Pki"/>.</summary>
    public TestCertificate? ServerCertificate { get; init; }

    /// <summary>Whether clients need a certificate of the same authority. Default true; without <see cref="Pki"/> of no effect.</summary>
    /// <remarks>With <see cref="AuthEnabled"/> the JSON gateway refuses certificates with a common name: issue one for the name <c>""</c> there.</remarks>
    public bool RequireClientCertificate { get; init; } = true;

    /// <summary>Whether <see cref="EtcdCluster.CutPeers"/> works. Not in containers; without a cluster of no effect.</summary>
    /// <remarks>Off by default: the traffic between the servers then takes a detour through the test process.</remarks>
    public bool RelayPeers { get; init; }

    /// <summary>Further flags, after those that this library writes and stronger. For instance <c>--quota-backend-bytes=8388608</c>.</summary>
    public IReadOnlyList<string> ExtraFlags { get; init; } = [];

    private static EtcdRelease Requested => (Environment.GetEnvironmentVariable(Variable) ?? "").ToUpperInvariant() switch
    {
        "" or "STABLE" => EtcdRelease.Stable,
        "NEXT" => EtcdRelease.Next,
        string word => throw new InvalidOperationException($"{Variable}={word}: expected stable or next."),
    };
}
