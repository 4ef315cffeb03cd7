using System.Net;
using System.Net.Sockets;

namespace ConfigClients.Backends.Relays;

/// <summary>One connection from one server to another, through the test process.</summary>
internal sealed class RelayedConnection(Socket from) : IDisposable
{
    private const int ChunkBytes = 16 * 1024;

    private readonly Socket _to = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    /// <summary>The port from which the connection was opened.</summary>
    public int SourcePort { get; } = ((IPEndPoint)from.RemoteEndPoint!).Port;

    /// <summary>Carries bytes in both directions until both have ended, or one has broken.</summary>
    public async Task CarryAsync(int targetPort)
    {
        from.NoDelay = true;
        try
        {
            await _to.ConnectAsync(IPAddress.Loopback, targetPort);
            await Task.WhenAll(PumpAsync(from, _to), PumpAsync(_to, from));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Reset();
        }
    }

    /// <summary>Ends both sides at once, as if the network had.</summary>
    public void Reset()
    {
        Reset(from);
        Reset(_to);
    }

    public void Dispose()
    {
        from.Dispose();
        _to.Dispose();
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It has ended already.
        }

        socket.Dispose();
    }

    private async Task PumpAsync(Socket source, Socket target)
    {
        byte[] buffer = new byte[ChunkBytes];
        try
        {
            int count;
            while ((count = await source.ReceiveAsync(buffer)) > 0)
            {
                for (int sent = 0; sent < count;)
                {
                    sent += await target.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }

            target.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The other direction must not go on waiting.
            Reset();
        }
    }
}
