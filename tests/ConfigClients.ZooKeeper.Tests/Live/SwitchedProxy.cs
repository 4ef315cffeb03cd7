using System.Net;
using System.Net.Sockets;
using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>One address behind which another server appears: how a wiped or restored ensemble looks from outside.</summary>
internal sealed class SwitchedProxy : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly ZooKeeperBackend _second;
    private readonly Task _loop;
    private CancellationTokenSource _open = new();
    private ZooKeeperBackend _current;

    private SwitchedProxy(ZooKeeperBackend first, ZooKeeperBackend second)
    {
        _current = first;
        _second = second;
        _listener.Start();
        _loop = Task.Run(AcceptAsync);
    }

    public static SwitchedProxy Start(ZooKeeperBackend first, ZooKeeperBackend second) => new(first, second);

    /// <summary>A client that knows only this address.</summary>
    public ZooKeeperClient Connect(Action<ZooKeeperClientOptions> configure)
    {
        ZooKeeperClientOptions options = ZooKeeperClientOptions.Parse($"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        configure(options);
        return new ZooKeeperClient(options);
    }

    /// <summary>Ends all connections; new ones go to the other server.</summary>
    public void Switch()
    {
        Volatile.Write(ref _current, _second);
        Interlocked.Exchange(ref _open, new CancellationTokenSource()).Cancel();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _open.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> pumps = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                pumps.Add(ServeAsync(client, Volatile.Read(ref _current), Volatile.Read(ref _open).Token));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(pumps);
        }
    }

    private static async Task ServeAsync(TcpClient client, ZooKeeperBackend server, CancellationToken cut)
    {
        using TcpClient owned = client;
        using TcpClient inner = new();
        try
        {
            await inner.ConnectAsync(server.Host, server.Port, cut);
            await Task.WhenAny(client.GetStream().CopyToAsync(inner.GetStream(), cut), inner.GetStream().CopyToAsync(client.GetStream(), cut));
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Either side has gone.
        }
    }
}
