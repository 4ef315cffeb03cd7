using System.Net;
using System.Net.Sockets;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>A server that does not speak HTTP/2 at all: it sends some bytes to whoever connects, and then stays silent or hangs up.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly byte[] _greeting;
    private readonly bool _hangsUp;
    private readonly Task _loop;
    private int _connections;

    public RawServer(ReadOnlySpan<byte> greeting, bool hangsUp)
    {
        _greeting = greeting.ToArray();
        _hangsUp = hangsUp;
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _loop = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint { get; }

    /// <summary>How many connections there were.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
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
                Interlocked.Increment(ref _connections);
                served.Add(ServeAsync(client));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient owned = client;
        try
        {
            NetworkStream stream = client.GetStream();
            await stream.WriteAsync(_greeting, _stop.Token);
            byte[] heard = new byte[4096];
            while (!_hangsUp && await stream.ReadAsync(heard, _stop.Token) > 0)
            {
                // Whatever it was, there is no answer.
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException)
        {
            // The client has seen enough, or the test is over.
        }
    }
}
