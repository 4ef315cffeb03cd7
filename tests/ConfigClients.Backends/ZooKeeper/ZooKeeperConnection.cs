using System.Diagnostics.CodeAnalysis;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace ConfigClients.Backends.ZooKeeper;

/// <summary>Opens connections to a server's client port, for a test's tools. They take any server certificate.</summary>
internal static class ZooKeeperConnection
{
    public static async Task<Stream> OpenAsync(
        int port, bool withTls, X509Certificate2? certificate, CancellationToken cancellationToken)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            await socket.ConnectAsync("127.0.0.1", port, cancellationToken);
            stream = new NetworkStream(socket, ownsSocket: true);
            return withTls ? await ProtectAsync(stream, certificate, cancellationToken) : stream;
        }
        catch
        {
            socket.Dispose();
            stream?.Dispose();
            throw;
        }
    }

    [SuppressMessage("Security", "CA5359", Justification = "Servers under test show bad certificates on purpose; it talks to loopback only.")]
    private static async Task<SslStream> ProtectAsync(Stream stream, X509Certificate2? certificate, CancellationToken cancellationToken)
    {
        SslStream secure = new(stream);
        await secure.AuthenticateAsClientAsync(
            new()
            {
                TargetHost = "localhost",
                ClientCertificates = certificate is null ? null : [certificate],
                RemoteCertificateValidationCallback = (_, _, _, _) => true,
            },
            cancellationToken);
        return secure;
    }
}
