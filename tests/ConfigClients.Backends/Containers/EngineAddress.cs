using System.Net;
using System.Net.Sockets;

namespace ConfigClients.Backends.Containers;

/// <summary>Where the container engine listens: <c>DOCKER_HOST</c> (unix or tcp), else the usual socket.</summary>
internal static class EngineAddress
{
    private const string Unix = "unix://";
    private const string Tcp = "tcp://";

    private static readonly string Named =
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } named ? named : Unix + "/var/run/docker.sock";

    /// <summary>A connected socket.</summary>
    /// <exception cref="SocketException">Nobody listens there.</exception>
    /// <remarks>Synchronous, because it is needed in a module initializer.</remarks>
    public static Socket Connect(TimeSpan timeout)
    {
        bool overTcp = Named.StartsWith(Tcp, StringComparison.Ordinal);
        Socket socket = overTcp
            ? new(SocketType.Stream, ProtocolType.Tcp)
            : new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.SendTimeout = socket.ReceiveTimeout = (int)timeout.TotalMilliseconds;
        try
        {
            socket.Connect(overTcp ? TcpEndPoint() : new UnixDomainSocketEndPoint(Named.Replace(Unix, "", StringComparison.Ordinal)));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static DnsEndPoint TcpEndPoint()
    {
        Uri address = new(Named);
        return new(address.Host, address.Port);
    }
}
