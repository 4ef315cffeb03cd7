using System.Net;
using System.Net.Http;
using System.Net.Security;

namespace ConfigClients.Etcd.Wire;

/// <summary>How connections are made: to the endpoint and nowhere else, several if the streams of one do not do, and given up when pings stay unanswered.</summary>
internal static class EtcdHandlers
{
    /// <summary>Makes the handler of one member's channel.</summary>
    public static SocketsHttpHandler Create(EtcdStoreOptions options, SslClientAuthenticationOptions? tls, EtcdConnections connections)
    {
        SocketsHttpHandler handler = new()
        {
            UseProxy = false,
            UseCookies = false,
            AllowAutoRedirect = false,
            AutomaticDecompression = DecompressionMethods.None,
            ConnectTimeout = options.ConnectTimeout,
            EnableMultipleHttp2Connections = true,
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(5),
            ActivityHeadersPropagator = null,

            // Of its own, or the channel would connect by itself, and no longer tell a call that was never sent from one that may have been.
            ConnectCallback = connections.ConnectAsync,

            // A server takes one ping in five seconds, and none on a connection without streams.
            KeepAlivePingDelay = TimeSpan.FromSeconds(10),
            KeepAlivePingTimeout = TimeSpan.FromSeconds(5),
            KeepAlivePingPolicy = HttpKeepAlivePingPolicy.WithActiveRequests,
        };

        if (tls is not null)
        {
            handler.SslOptions = tls;
        }

        return handler;
    }
}
