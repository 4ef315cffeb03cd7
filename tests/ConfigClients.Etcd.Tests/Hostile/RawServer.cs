using System.Net.Sockets;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>A server that does not speak HTTP/2 at all: it sends some bytes to whoever connects, and then stays silent or hangs up.</summary>
internal sealed class RawServer : IAsyncDisposable
{
    private readonly byte[] _greeting;
    private readonly bool _hangsUp;
    private readonly LoopbackServer _server;

    public RawServer(ReadOnlySpan<byte> greeting, bool hangsUp)
    {
        _greeting = greeting.ToArray();
        _hangsUp = hangsUp;
        _server = new LoopbackServer(ServeAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => new($"http://127.0.0.1:{_server.Port}");

    /// <summary>How many connections there were.</summary>
    public int Connections => _server.Accepted;

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream stream, CancellationToken stop)
    {
        await stream.WriteAsync(_greeting, stop);
        byte[] heard = new byte[4096];
        while (!_hangsUp && await stream.ReadAsync(heard, stop) > 0)
        {
            // Whatever it was, there is no answer.
        }
    }
}
