using System.Text.Json.Nodes;

namespace ConfigClients.Backends.Consul;

/// <summary>What kind of Consul server a test wants. Everything off: plain HTTP, everything allowed.</summary>
public sealed record ConsulBackendOptions
{
    /// <summary>Whether access is denied unless a token allows it. <see cref="ConsulBackend.Acl"/> then hands out tokens.</summary>
    public bool AclEnabled { get; init; }

    /// <summary>The authority for TLS; null for plain HTTP. Must outlive the server.</summary>
    public TestPki? Pki { get; init; }

    /// <summary>What the server shows, when it is not to be a good certificate. Needs <see cref="Pki"/>.</summary>
    public TestCertificate? ServerCertificate { get; init; }

    /// <summary>Whether clients need a certificate of the same authority. Default true; without <see cref="Pki"/> of no effect.</summary>
    public bool RequireClientCertificate { get; init; } = true;

    /// <summary>Further configuration, laid over what this library writes; objects are merged. For instance <c>limits</c>.</summary>
    public JsonObject? ExtraConfig { get; init; }
}
