using System.Net.Sockets;
using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>Connections that do nothing but be there.</summary>
internal sealed class ConnectionHog : IDisposable
{
    private readonly List<TcpClient> _connections = [];

    /// <summary>Opens more connections than the server takes; returns when it has turned one of them away.</summary>
    /// <remarks>That they could be opened does not say so: before a container, it is the engine that accepts them.</remarks>
    public static async Task<ConnectionHog> TakeAsync(int port, int count)
    {
        ConnectionHog hog = new();
        for (int i = 0; i < count; i++)
        {
            TcpClient client = new();
            await client.ConnectAsync("127.0.0.1", port);
            hog._connections.Add(client);
        }

        await Eventually.HoldsAsync(
            () => hog._connections.Exists(static connection => connection.Client.Poll(TimeSpan.Zero, SelectMode.SelectRead)));
        return hog;
    }

    public void Dispose() => _connections.ForEach(static connection => connection.Dispose());
}
