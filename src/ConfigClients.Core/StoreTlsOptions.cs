using System.Security.Cryptography.X509Certificates;

namespace ConfigClients;

/// <summary>Certificates for a store that is reached over TLS. With nothing set, servers are trusted as the machine trusts them.</summary>
/// <remarks>TLS is 1.2 or 1.3. Host names are always checked; there is no way to accept any certificate.</remarks>
public sealed class StoreTlsOptions
{
    /// <summary>The only authorities that server certificates are trusted from. Default: those of the machine.</summary>
    public X509Certificate2Collection? CaCertificates { get; set; }

    /// <summary>A PEM file of authorities, instead of <see cref="CaCertificates"/>; read again when it changes. Default: none.</summary>
    public string? CaFile { get; set; }

    /// <summary>The certificate to show to servers, with its private key. Default: none.</summary>
    public X509Certificate2? ClientCertificate { get; set; }

    /// <summary>
    /// A PEM file with the certificate to show, instead of <see cref="ClientCertificate"/>; read again when it changes, for the next connection. Default: none.
    /// </summary>
    public string? ClientCertificateFile { get; set; }

    /// <summary>A PEM file with the private key. Default: it is in <see cref="ClientCertificateFile"/>.</summary>
    public string? ClientKeyFile { get; set; }
}
