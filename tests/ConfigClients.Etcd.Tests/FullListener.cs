using System.Net;
using System.Net.Sockets;

namespace ConfigClients.Etcd.Tests;

/// <summary>A port that no connection gets through to: its queue is full, and the kernel drops what comes. So looks a host that is gone.</summary>
internal sealed class FullListener : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Socket> _queued = [];

    private FullListener() => _listener.Start(1);

    /// <summary>Where nobody gets through.</summary>
    public Uri Endpoint => new($"http://{_listener.LocalEndpoint}");

    /// <summary>Fills the queue.</summary>
    public static async Task<FullListener> StartAsync()
    {
        FullListener full = new();
        while (true)
        {
            Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            full._queued.Add(socket);
            Task connecting = socket.ConnectAsync(full._listener.LocalEndpoint);
            if (await Task.WhenAny(connecting, Task.Delay(200)) != connecting)
            {
                // It failed to get in, or will when the socket is disposed.
                _ = connecting.ContinueWith(static late => late.Exception, TaskScheduler.Default);
                return full;
            }

            await connecting;
        }
    }

    public void Dispose()
    {
        _queued.ForEach(static socket => socket.Dispose());
        _listener.Dispose();
    }
}
