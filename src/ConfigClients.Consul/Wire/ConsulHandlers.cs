using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using ConfigClients.Adapters;

namespace ConfigClients.Consul.Wire;

/// <summary>Makes the handlers: no redirects, no proxy of the environment, no cookies, no compression, bounded connections.</summary>
internal static class ConsulHandlers
{
    /// <summary>Makes one.</summary>
    /// <param name="options">The options.</param>
    /// <param name="tls">Certificates.</param>
    /// <param name="maxConnections">Most connections per endpoint.</param>
    public static HttpMessageInvoker Create(ConsulStoreOptions options, StoreTls tls, int maxConnections)
    {
        SocketsHttpHandler handler = new()
        {
            // A redirect would send the write to another key, and the token to another host.
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxConnectionsPerServer = maxConnections,
            ConnectTimeout = options.ConnectTimeout,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(1),
            MaxResponseHeadersLength = 64,
            MaxResponseDrainSize = 8 * 1024,
            ActivityHeadersPropagator = null,
            ConnectCallback = ConnectAsync,
        };

        if (options.Endpoints[0].Scheme == "https")
        {
            handler.SslOptions = tls.CreateOptions();
        }

        return new HttpMessageInvoker(handler, disposeHandler: true);
    }

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            // A peer that vanished without a word is noticed after 30 s, however long a watch query may wait.
            socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive, true);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 15);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            context.InitialRequestMessage.Options.Set(ConsulFailures.NewConnection, true);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
