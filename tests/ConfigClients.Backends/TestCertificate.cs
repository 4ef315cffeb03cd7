using System.Security.Cryptography.X509Certificates;

namespace ConfigClients.Backends;

/// <summary>A certificate with its private key, as servers and as .NET want it.</summary>
/// <param name="CertificatePem">The certificate in PEM.</param>
/// <param name="KeyPem">The private key in PEM (PKCS#8, not encrypted).</param>
public sealed record TestCertificate(string CertificatePem, string KeyPem)
{
    /// <summary>A new object with the private key; the caller disposes it.</summary>
    public X509Certificate2 ToX509() => X509Certificate2.CreateFromPem(CertificatePem, KeyPem);
}
