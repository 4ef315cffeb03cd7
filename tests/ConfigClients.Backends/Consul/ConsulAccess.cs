using System.Security.Cryptography.X509Certificates;

namespace ConfigClients.Backends.Consul;

/// <summary>The credentials of an operator, shared by the servers of one cluster.</summary>
internal sealed class ConsulAccess(ConsulBackendOptions options)
{
    private readonly TestCertificate? _certificate = options.Pki?.IssueClient("operator");

    public ConsulBackendOptions Options { get; } = options;

    public string? MasterToken { get; } = options.AclEnabled ? Guid.NewGuid().ToString() : null;

    /// <remarks>Made before it is known how the server runs: a server's client port is always on loopback.</remarks>
    public HttpClient CreateOperatorClient(int port)
    {
        string scheme = _certificate is null ? Uri.UriSchemeHttp : Uri.UriSchemeHttps;
        return CreateClient(new($"{scheme}://127.0.0.1:{port}"), MasterToken, _certificate?.ToX509());
    }

    public static HttpClient CreateClient(Uri endpoint, string? token, X509Certificate2? certificate)
    {
        HttpClient client = TrustingHttpClient.Create(endpoint, certificate);
        if (token is not null)
        {
            client.DefaultRequestHeaders.Add("X-Consul-Token", token);
        }

        return client;
    }
}
