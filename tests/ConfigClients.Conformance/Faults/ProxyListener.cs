using System.Net;
using System.Net.Sockets;

namespace ConfigClients.Conformance.Faults;

/// <summary>Accepts connections on one loopback port that can be closed and opened again.</summary>
/// <remarks>While closed, a bound socket that does not listen keeps the port: the kernel refuses connections and gives the port to nobody else.</remarks>
internal sealed class ProxyListener : IAsyncDisposable
{
    private const int Backlog = 512;

    private readonly Lock _lock = new();
    private readonly Action<Socket> _onAccept;
    private Socket _socket;
    private Task _accepting = Task.CompletedTask;
    private bool _open;

    public ProxyListener(Action<Socket> onAccept)
    {
        _onAccept = onAccept;
        _socket = Bind(0);
        Port = ((IPEndPoint)_socket.LocalEndPoint!).Port;
        Open();
    }

    public int Port { get; }

    public void Open()
    {
        lock (_lock)
        {
            if (!_open)
            {
                _open = true;
                _socket.Listen(Backlog);
                _accepting = AcceptAsync(_socket);
            }
        }
    }

    public void Close()
    {
        lock (_lock)
        {
            if (_open)
            {
                _open = false;
                _socket.Dispose();
                _socket = Bind(Port);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        Task accepting;
        lock (_lock)
        {
            _socket.Dispose();
            accepting = _accepting;
        }

        await accepting;
    }

    private static Socket Bind(int port)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
        return socket;
    }

    private async Task AcceptAsync(Socket socket)
    {
        try
        {
            while (true)
            {
                Socket client = await socket.AcceptAsync();
                client.NoDelay = true;
                _onAccept(client);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The listener was closed.
        }
    }
}
