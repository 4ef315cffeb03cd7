using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Opens connections, with TLS if asked for.</summary>
internal sealed class ZooKeeperDialer(Func<string, SslClientAuthenticationOptions>? tls)
{
    /// <summary>Connects.</summary>
    /// <exception cref="ZooKeeperException">The TLS handshake failed.</exception>
    public async Task<Stream> ConnectAsync(ZooKeeperEndpoint endpoint, CancellationToken cancellationToken)
    {
        Socket socket = new(endpoint.Address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        Stream? stream = null;
        try
        {
            SetKeepAlive(socket);
            await socket.ConnectAsync(endpoint.Address, endpoint.Server.Port, cancellationToken).ConfigureAwait(false);
            stream = new NetworkStream(socket, ownsSocket: true);
            return tls is null ? stream : stream = await EncryptAsync(stream, endpoint.Server.Host, tls, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            stream?.Dispose();
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Asks a server whether it takes writes.</summary>
    /// <returns><c>rw</c>, <c>ro</c>, or something else if it does not say.</returns>
    public async Task<string> AskModeAsync(ZooKeeperEndpoint endpoint, CancellationToken cancellationToken)
    {
        Stream stream = await ConnectAsync(endpoint, cancellationToken).ConfigureAwait(false);
        await using (stream.ConfigureAwait(false))
        {
            await stream.WriteAsync("isro"u8.ToArray(), cancellationToken).ConfigureAwait(false);
            byte[] answer = new byte[16];
            int bytes = await stream.ReadAtLeastAsync(answer, 2, throwOnEndOfStream: false, cancellationToken).ConfigureAwait(false);
            return Encoding.ASCII.GetString(answer, 0, bytes);
        }
    }

    private static async Task<Stream> EncryptAsync(
        Stream inner, string host, Func<string, SslClientAuthenticationOptions> tls, CancellationToken cancellationToken)
    {
        SslStream stream = new(inner);
        try
        {
            SslClientAuthenticationOptions options = tls(host);
            if (string.IsNullOrEmpty(options.TargetHost))
            {
                options.TargetHost = host;
            }

            await stream.AuthenticateAsClientAsync(options, cancellationToken).ConfigureAwait(false);
            return stream;
        }
        catch (AuthenticationException e)
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            string why = (e.InnerException ?? e).Message.TrimEnd('.');
            throw new ZooKeeperException(ZooKeeperError.TlsFailed, $"The TLS handshake with {host} failed: {why}.", innerException: e);
        }
        catch
        {
            await stream.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    // Finds a peer that vanished even if the session's own clock were wrong.
    private static void SetKeepAlive(Socket socket)
    {
        socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
        socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
    }
}
