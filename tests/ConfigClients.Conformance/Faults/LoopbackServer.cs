using System.Net;
using System.Net.Sockets;

namespace ConfigClients.Conformance.Faults;

/// <summary>Accepts connections on a port of loopback, and serves each as its owner says until the client has gone or the server ends.</summary>
public sealed class LoopbackServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;
    private readonly Task _loop;
    private int _accepted;

    /// <summary>Starts listening.</summary>
    /// <param name="serve">Serves one connection. That the client or the server goes meanwhile is no failure.</param>
    public LoopbackServer(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _accepted);

    /// <summary>Ends every connection; returns when nobody serves any more.</summary>
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
                Interlocked.Increment(ref _accepted);
                served.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient owned = client;
        client.NoDelay = true;
        try
        {
            await _serve(client.GetStream(), _stop.Token);
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client has seen enough, or the test is over.
        }
    }
}
