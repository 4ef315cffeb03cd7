using System.Net;
using System.Net.Sockets;

namespace ConfigClients.ZooKeeper.Tests.Hostile;

/// <summary>A server that does what the test says: the broken and hostile ones that no real server can play.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<FakeLine, Task> _script;
    private readonly Task _loop;
    private int _accepted;

    private FakeServer(Func<FakeLine, Task> script)
    {
        _script = script;
        _listener.Start();
        Address = $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";
        _loop = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public string Address { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Every connection is served by the script, from its first byte.</summary>
    public static FakeServer Start(Func<FakeLine, Task> script) => new(script);

    /// <summary>Every connection gets a good session; then the script goes on.</summary>
    public static FakeServer Welcoming(Func<FakeLine, Task> script, int timeoutMs = 10_000) => new(async line =>
    {
        await line.ReadAsync();
        await line.WelcomeAsync(timeoutMs);
        await script(line);
    });

    /// <summary>A client of this server alone.</summary>
    public ZooKeeperClient Connect(Action<ZooKeeperClientOptions>? configure = null)
    {
        ZooKeeperClientOptions options = ZooKeeperClientOptions.Parse(Address);
        options.RequestTimeout = TimeSpan.FromSeconds(2);
        configure?.Invoke(options);
        return new ZooKeeperClient(options);
    }

    public async ValueTask DisposeAsync()
    {
        // The loop first: a listener that is stopped between two accepts refuses the second as a wrong call.
        await _stop.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> served = [];
        try
        {
            while (true)
            {
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                served.Add(ServeAsync(client, Interlocked.Increment(ref _accepted)));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client, int number)
    {
        using TcpClient owned = client;
        client.NoDelay = true;
        try
        {
            await _script(new FakeLine(client.GetStream(), number, _stop.Token));
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client has seen enough, or the test is over.
        }
    }
}
