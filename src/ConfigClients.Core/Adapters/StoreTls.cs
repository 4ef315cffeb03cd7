using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Adapters;

/// <summary>The certificates of both sides. Files are looked at for every new connection and read again when they changed.</summary>
/// <remarks>
/// With authorities of its own only those are trusted, by the platform's chain building; the host name is always checked. There is no way to accept any certificate.
/// Thread-safe. Certificates that were replaced are left to the collector: a handshake may still use them.
/// </remarks>
/// <param name="options">The certificates, or where they are; without a fault.</param>
/// <param name="logger">For files that are read again.</param>
[Experimental("CONFIGCLIENTS001")]
public sealed class StoreTls(StoreTlsOptions options, ILogger logger)
{
    private readonly Lock _gate = new();
    private (DateTime Ca, DateTime Certificate, DateTime Key) _stamps;
    private X509Certificate2Collection? _authorities = options.CaCertificates;
    private X509Certificate2? _client = options.ClientCertificate;

    /// <summary>What is wrong with the options, files that cannot be read included.</summary>
    /// <param name="options">The options.</param>
    /// <returns>The faults, each with the property that has it; empty if there are none.</returns>
    public static IReadOnlyList<(string Fault, string Property)> FaultsOf(StoreTlsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        List<(string, string)> faults = [];
        Check(options.CaCertificates is null || options.CaFile is null, "CaCertificates and CaFile exclude each other.", nameof(options.CaFile));
        Check(
            options.ClientCertificate is null || options.ClientCertificateFile is null,
            "ClientCertificate and ClientCertificateFile exclude each other.",
            nameof(options.ClientCertificateFile));
        Check(options.ClientKeyFile is null || options.ClientCertificateFile is not null, "ClientKeyFile needs ClientCertificateFile.", nameof(options.ClientKeyFile));
        Check(options.ClientCertificate is not { HasPrivateKey: false }, "ClientCertificate has no private key.", nameof(options.ClientCertificate));
        CheckFile(options.CaFile, nameof(options.CaFile));
        CheckFile(options.ClientCertificateFile, nameof(options.ClientCertificateFile));
        CheckFile(options.ClientKeyFile, nameof(options.ClientKeyFile));
        if (faults.Count == 0)
        {
            CheckContent(() => ReadAuthorities(options), nameof(options.CaFile));
            CheckContent(() => ReadCertificate(options), nameof(options.ClientCertificateFile));
        }

        return faults;

        void Check(bool holds, string fault, string property)
        {
            if (!holds)
            {
                faults.Add((fault, property));
            }
        }

        void CheckFile(string? path, string property) => Check(path is null || File.Exists(path), $"{property} names a file that does not exist.", property);

        void CheckContent(Action read, string property)
        {
            try
            {
                read();
            }
            catch (Exception e) when (IsUnreadable(e))
            {
                faults.Add(($"{property} could not be read as PEM ({e.GetType().Name}).", property));
            }
        }
    }

    /// <summary>What a connection needs.</summary>
    /// <returns>Options that look at the files anew for every handshake.</returns>
    public SslClientAuthenticationOptions CreateOptions()
    {
        Refresh(isFirst: true);
        SslClientAuthenticationOptions ssl = new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = Validate,
        };

        if (options.ClientCertificate is not null || options.ClientCertificateFile is not null)
        {
            ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) =>
            {
                Refresh(isFirst: false);
                lock (_gate)
                {
                    return _client!;
                }
            };
        }

        return ssl;
    }

    private bool Validate(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        if (options.CaFile is null && options.CaCertificates is null)
        {
            return errors == SslPolicyErrors.None;
        }

        // The platform judged by the machine's authorities. Everything but that verdict stands: a wrong name stays wrong.
        if (certificate is not X509Certificate2 server || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != 0)
        {
            return false;
        }

        Refresh(isFirst: false);
        using X509Chain own = new();
        own.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        own.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        own.ChainPolicy.ApplicationPolicy.Add(new Oid("1.3.6.1.5.5.7.3.1"));
        lock (_gate)
        {
            own.ChainPolicy.CustomTrustStore.AddRange(_authorities!);
        }

        if (chain is not null)
        {
            own.ChainPolicy.ExtraStore.AddRange(chain.ChainElements.Skip(1).Select(static element => element.Certificate).ToArray());
        }

        return own.Build(server)
            ? true
            : throw new AuthenticationException(
                $"the server's certificate ({server.Subject}, valid until {server.NotAfter:u}) is not trusted: " +
                string.Join(", ", own.ChainStatus.Select(static status => status.Status.ToString()).Distinct()));
    }

    private void Refresh(bool isFirst)
    {
        if (options.CaFile is null && options.ClientCertificateFile is null)
        {
            return;
        }

        lock (_gate)
        {
            (DateTime, DateTime, DateTime) stamps = (Stamp(options.CaFile), Stamp(options.ClientCertificateFile), Stamp(options.ClientKeyFile));
            if (stamps == _stamps)
            {
                return;
            }

            try
            {
                _authorities = ReadAuthorities(options) ?? _authorities;
                _client = ReadCertificate(options) ?? _client;
                _stamps = stamps;
                if (!isFirst && _client is not null)
                {
                    Log.ClientCertificateReloaded(logger, _client.NotAfter);
                }
            }
            catch (Exception e) when (!isFirst && IsUnreadable(e))
            {
                // Half-written, perhaps: the next connection looks again.
                Log.CertificatesNotReloaded(logger, e.GetType().Name);
            }
        }
    }

    private static X509Certificate2Collection? ReadAuthorities(StoreTlsOptions options)
    {
        if (options.CaFile is null)
        {
            return null;
        }

        X509Certificate2Collection authorities = [];
        authorities.ImportFromPemFile(options.CaFile);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("The file of authorities holds no certificate.");
    }

    private static X509Certificate2? ReadCertificate(StoreTlsOptions options)
    {
        if (options.ClientCertificateFile is null)
        {
            return null;
        }

        X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(options.ClientCertificateFile, options.ClientKeyFile);

        // Windows cannot use a key that lives in memory only.
        return OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null) : certificate;
    }

    private static bool IsUnreadable(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException;

    private static DateTime Stamp(string? path) => path is null ? default : File.GetLastWriteTimeUtc(path);
}
