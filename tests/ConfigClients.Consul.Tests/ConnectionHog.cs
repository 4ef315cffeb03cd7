using System.Net.Sockets;

namespace ConfigClients.Consul.Tests;

/// <summary>Connections that do nothing but be there.</summary>
internal sealed class ConnectionHog : IDisposable
{
    private readonly List<TcpClient> _connections = [];

    /// <summary>Opens connections.</summary>
    public static async Task<ConnectionHog> TakeAsync(int port, int count)
    {
        ConnectionHog hog = new();
        for (int i = 0; i < count; i++)
        {
            TcpClient client = new();
            await client.ConnectAsync("127.0.0.1", port);
            hog._connections.Add(client);
        }

        return hog;
    }

    public void Dispose() => _connections.ForEach(static connection => connection.Dispose());
}
