using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace ConfigClients.Consul.Wire;

/// <summary>The certificates of both sides. Files are looked at for every new connection and read again when they changed.</summary>
/// <remarks>
/// With authorities of its own only those are trusted, by the platform's chain building; the host name is always checked. There is no way to accept any certificate.
/// Thread-safe. Certificates that were replaced are left to the collector: a handshake may still use them.
/// </remarks>
internal sealed class ConsulTls(ConsulStoreOptions options, ILogger logger)
{
    private readonly Lock _gate = new();
    private (DateTime Ca, DateTime Certificate, DateTime Key) _stamps;
    private X509Certificate2Collection? _authorities = options.CaCertificates;
    private X509Certificate2? _client = options.ClientCertificate;

    /// <summary>What a handler needs.</summary>
    public SslClientAuthenticationOptions CreateOptions()
    {
        Refresh(first: true);
        SslClientAuthenticationOptions ssl = new()
        {
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
            RemoteCertificateValidationCallback = Validate,
        };

        if (options.ClientCertificate is not null || options.ClientCertificateFile is not null)
        {
            ssl.LocalCertificateSelectionCallback = (_, _, _, _, _) =>
            {
                Refresh(first: false);
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

        Refresh(first: false);
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

    private void Refresh(bool first)
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
                Load();
                _stamps = stamps;
                if (!first && _client is not null)
                {
                    Log.ClientCertificateReloaded(logger, _client.NotAfter);
                }
            }
            catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
            {
                if (first)
                {
                    throw new OptionsValidationException(
                        nameof(ConsulStoreOptions), typeof(ConsulStoreOptions), [$"The certificate files could not be read ({e.GetType().Name}): CaFile, ClientCertificateFile and ClientKeyFile must be PEM."]);
                }

                // Half-written, perhaps: the next connection looks again.
                Log.CertificatesNotReloaded(logger, e.GetType().Name);
            }
        }
    }

    private void Load()
    {
        if (options.CaFile is not null)
        {
            X509Certificate2Collection authorities = [];
            authorities.ImportFromPemFile(options.CaFile);
            _authorities = authorities.Count > 0 ? authorities : throw new CryptographicException("The file of authorities holds no certificate.");
        }

        if (options.ClientCertificateFile is not null)
        {
            X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(options.ClientCertificateFile, options.ClientKeyFile);

            // Windows cannot use a key that lives in memory only.
            _client = OperatingSystem.IsWindows() ? X509CertificateLoader.LoadPkcs12(certificate.Export(X509ContentType.Pfx), null) : certificate;
        }
    }

    private static DateTime Stamp(string? path) => path is null ? default : File.GetLastWriteTimeUtc(path);
}
