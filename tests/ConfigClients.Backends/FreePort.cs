using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace ConfigClients.Backends;

/// <summary>Hands out loopback ports that stay free while a server is down.</summary>
/// <remarks>
/// Taken from below the range that kernels use for outgoing connections: otherwise a client that keeps
/// connecting to a killed server may itself be given the server's port, and the restart finds it in use.
/// </remarks>
public static class FreePort
{
    private const int Lowest = 12_000;
    private const int Highest = 31_999;

    private static readonly HashSet<int> Given = [];

    /// <summary>A port that nobody listens on and that this process has not been given before.</summary>
    public static int Next()
    {
        lock (Given)
        {
            while (true)
            {
                int port = RandomNumberGenerator.GetInt32(Lowest, Highest + 1);
                if (!Given.Contains(port) && IsFree(port))
                {
                    Given.Add(port);
                    return port;
                }
            }
        }
    }

    private static bool IsFree(int port)
    {
        using Socket probe = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            probe.Bind(new IPEndPoint(IPAddress.Any, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
