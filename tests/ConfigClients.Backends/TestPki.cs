using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace ConfigClients.Backends;

/// <summary>A certificate authority made for one test, with the good certificates and the bad ones a test needs.</summary>
/// <remarks>Its keys exist in memory and in the folders of the servers it was made for; nothing here is ever trusted by the machine.</remarks>
public sealed class TestPki : IDisposable
{
    private static readonly OidCollection ServerAndClient = [new("1.3.6.1.5.5.7.3.1"), new("1.3.6.1.5.5.7.3.2")];

    private readonly X509Certificate2 _authority;

    private TestPki(X509Certificate2 authority)
    {
        _authority = authority;
        CaPem = authority.ExportCertificatePem();
    }

    /// <summary>The authority's certificate in PEM, without its key.</summary>
    public string CaPem { get; }

    /// <summary>A new authority, unrelated to any other: a second one plays the stranger.</summary>
    public static TestPki Create()
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new("CN=ConfigClients test authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, true, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));

        DateTimeOffset now = DateTimeOffset.UtcNow;
        return new(request.CreateSelfSigned(now.AddDays(-30), now.AddDays(60)));
    }

    /// <summary>The authority's certificate as .NET wants it, without its key; the caller disposes it.</summary>
    public X509Certificate2 ToX509() => X509Certificate2.CreateFromPem(CaPem);

    /// <summary>For a server on loopback: <c>localhost</c>, both loopback addresses, and the further names given.</summary>
    public TestCertificate IssueServer(params string[] furtherNames) =>
        Issue("server", ["localhost", "127.0.0.1", "::1", .. furtherNames], TimeSpan.FromDays(-1), TimeSpan.FromDays(30));

    /// <summary>For a client that is known by this name; by none at all with <c>""</c>.</summary>
    public TestCertificate IssueClient(string commonName = "client") =>
        Issue(commonName, [], TimeSpan.FromDays(-1), TimeSpan.FromDays(30));

    /// <summary>Valid for loopback until an hour ago.</summary>
    public TestCertificate IssueExpired() =>
        Issue("expired", ["localhost", "127.0.0.1", "::1"], TimeSpan.FromDays(-2), TimeSpan.FromHours(-1));

    /// <summary>Valid for loopback from tomorrow.</summary>
    public TestCertificate IssueNotYetValid() =>
        Issue("not-yet-valid", ["localhost", "127.0.0.1", "::1"], TimeSpan.FromDays(1), TimeSpan.FromDays(30));

    /// <summary>In order, but for a host that loopback is not.</summary>
    public TestCertificate IssueForWrongHost() =>
        Issue("wrong-host", ["elsewhere.invalid"], TimeSpan.FromDays(-1), TimeSpan.FromDays(30));

    /// <inheritdoc/>
    public void Dispose() => _authority.Dispose();

    /// <remarks>Every certificate may serve and call, because members of a cluster do both.</remarks>
    private TestCertificate Issue(string commonName, IReadOnlyList<string> names, TimeSpan from, TimeSpan until)
    {
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        CertificateRequest request = new(commonName.Length == 0 ? "" : $"CN={commonName}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(false, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(ServerAndClient, false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(_authority, true, false));
        if (names.Count > 0)
        {
            request.CertificateExtensions.Add(AlternativeNames(names));
        }

        DateTimeOffset now = DateTimeOffset.UtcNow;
        using X509Certificate2 certificate = request.Create(_authority, now + from, now + until, RandomNumberGenerator.GetBytes(16));
        return new(certificate.ExportCertificatePem(), key.ExportPkcs8PrivateKeyPem());
    }

    private static X509Extension AlternativeNames(IEnumerable<string> names)
    {
        SubjectAlternativeNameBuilder builder = new();
        foreach (string name in names)
        {
            if (IPAddress.TryParse(name, out IPAddress? address))
            {
                builder.AddIpAddress(address);
            }
            else
            {
                builder.AddDnsName(name);
            }
        }

        return builder.Build();
    }
}
