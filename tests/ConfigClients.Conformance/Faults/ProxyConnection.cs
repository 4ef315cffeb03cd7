using System.Net.Sockets;

namespace ConfigClients.Conformance.Faults;

/// <summary>A client's connection and the one to the server that belongs to it.</summary>
internal sealed class ProxyConnection(FaultProxy proxy, Socket client, CancellationToken proxyStop) : IDisposable
{
    private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(proxyStop);
    private readonly Socket _server = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly HttpRequestScanner _requests = new();
    private string? _awaitingReply;
    private volatile bool _swallowing;

    /// <summary>Whether bytes are read and dropped instead of handed on; for the connection's whole rest, because a stream with a hole is none.</summary>
    public bool Swallowing => _swallowing;

    public void Swallow() => _swallowing = true;

    /// <summary>Returns when the connection is over; never throws.</summary>
    public async Task RunAsync(string host, int port)
    {
        try
        {
            if (!_swallowing)
            {
                await _server.ConnectAsync(host, port, _stop.Token);
            }

            ProxyPump toServer = new(this, proxy.ToServer, client, _server, BeforeRequestBytes);
            ProxyPump toClient = new(this, proxy.ToClient, _server, client, BeforeReplyBytes);
            await Task.WhenAll(
                toServer.RunAsync(_stop.Token),
                _server.Connected ? toClient.RunAsync(_stop.Token) : Task.CompletedTask);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The server refuses, or one side broke off: the other side must see that, not an orderly end.
            Reset();
        }
    }

    /// <summary>Ends both sides with RST.</summary>
    public void Reset()
    {
        Abort(client);
        Abort(_server);
        try
        {
            _stop.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended by itself meanwhile.
        }
    }

    /// <summary>Ends the connection after what has been handed on.</summary>
    public void Cut(CutKind kind)
    {
        if (kind is CutKind.Reset)
        {
            Reset();
            return;
        }

        // What still comes is swallowed until both peers have closed: closing a socket with unread bytes would send RST.
        _swallowing = true;
        client.Shutdown(SocketShutdown.Send);
        _server.Shutdown(SocketShutdown.Send);
    }

    public void Dispose()
    {
        client.Dispose();
        _server.Dispose();
        _stop.Dispose();
    }

    private static void Abort(Socket socket)
    {
        try
        {
            socket.LingerState = new(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }

        socket.Dispose();
    }

    /// <remarks>Before sending, so that a reply can never overtake the note that its request is complete.</remarks>
    private bool BeforeRequestBytes(ReadOnlySpan<byte> bytes)
    {
        _requests.Scan(bytes, requestLine => Volatile.Write(ref _awaitingReply, requestLine));
        return true;
    }

    private bool BeforeReplyBytes(ReadOnlySpan<byte> bytes)
    {
        string? request = Interlocked.Exchange(ref _awaitingReply, null);
        return request is null || !proxy.ClaimsReply(request);
    }
}
