using System.Security.Cryptography;

namespace ConfigClients.Backends.Etcd;

/// <summary>What was asked for, and the credentials of an operator; shared by the servers of one cluster.</summary>
internal sealed class EtcdAccess(EtcdBackendOptions options)
{
    public EtcdBackendOptions Options { get; } = options;

    public ServerKind Kind => Options.Release is EtcdRelease.Next ? ServerKind.EtcdNext : ServerKind.Etcd;

    /// <remarks>Without a common name, which would be a user's name to the server.</remarks>
    public TestCertificate? Certificate { get; } = options.Pki?.IssueClient("");

    public string? RootPassword { get; } = options.AuthEnabled ? RandomNumberGenerator.GetHexString(16) : null;
}
