using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography.X509Certificates;

namespace ConfigClients.Backends;

/// <summary>The HTTP client with which tests ask a server directly: it takes any server certificate.</summary>
internal static class TrustingHttpClient
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(5);

    /// <param name="endpoint">What relative addresses are relative to.</param>
    /// <param name="certificate">What to show to the server; null to show nothing.</param>
    [SuppressMessage("Security", "CA5359", Justification = "Servers under test show bad certificates on purpose; it talks to loopback only.")]
    public static HttpClient Create(Uri endpoint, X509Certificate2? certificate = null)
    {
        SocketsHttpHandler handler = new() { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = (_, _, _, _) => true;
        if (certificate is not null)
        {
            handler.SslOptions.ClientCertificates = [certificate];
        }

        return new(handler) { BaseAddress = endpoint, Timeout = Timeout };
    }
}
