using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace ConfigClients.Conformance.Faults;

/// <summary>A TCP proxy between a store and its server that a test can turn bad, in the ways networks do.</summary>
/// <remarks>
/// Works alike for containers and processes and needs no rights. It starts harmless. All members are thread-safe.
/// Faults on bytes belong to a lane, <see cref="ToServer"/> or <see cref="ToClient"/>; faults on connections are here.
/// </remarks>
public sealed class FaultProxy : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<ProxyConnection, Task> _connections = new();
    private readonly ProxyListener _listener;
    private volatile DnsEndPoint _server;
    private ReplyCut? _replyCut;
    private int _accepted;
    private int _repliesCut;

    private FaultProxy(Uri server)
    {
        _server = new(server.IdnHost, server.Port);
        _listener = new(Accept);
        Endpoint = new UriBuilder(server) { Host = "127.0.0.1", Port = _listener.Port }.Uri;
    }

    /// <summary>Where a store connects instead of to the server: loopback, the server's scheme, the proxy's port.</summary>
    public Uri Endpoint { get; }

    /// <summary>The port of <see cref="Endpoint"/>; the same for the proxy's whole life.</summary>
    public int Port => _listener.Port;

    /// <summary>The direction of requests.</summary>
    public ProxyLane ToServer { get; } = new();

    /// <summary>The direction of replies.</summary>
    public ProxyLane ToClient { get; } = new();

    /// <summary>What happens to connections from now on. Default: they are forwarded.</summary>
    public AcceptBehavior NewConnections { get; set; }

    /// <summary>Connections accepted since the start, those that were reset or swallowed included.</summary>
    public int AcceptedConnections => Volatile.Read(ref _accepted);

    /// <summary>Connections that are open now.</summary>
    public int OpenConnections => _connections.Count;

    /// <summary>Replies lost so far by order of <see cref="CutReplies"/>.</summary>
    public int RepliesCut => Volatile.Read(ref _repliesCut);

    /// <summary>Starts listening in front of a server, which need not run yet.</summary>
    public static FaultProxy Start(Uri server) => new(server);

    /// <inheritdoc cref="Start(Uri)"/>
    public static FaultProxy Start(string host, int port) => new(new($"tcp://{host}:{port}"));

    /// <summary>Connects to another server from now on; present connections go on. So looks a server that was rebuilt from nothing, or from a backup.</summary>
    public void Redirect(Uri server)
    {
        ArgumentNullException.ThrowIfNull(server);
        _server = new(server.IdnHost, server.Port);
    }

    /// <summary>Resets every connection; new ones are treated as before.</summary>
    public void ResetAll()
    {
        foreach (ProxyConnection connection in _connections.Keys)
        {
            connection.Reset();
        }
    }

    /// <summary>Makes all present connections half-open: they look alive to both sides, and nothing ever arrives again.</summary>
    /// <remarks>Cannot be taken back. For silence after which the same connections go on, hold both lanes.</remarks>
    public void BlackHoleEstablished()
    {
        foreach (ProxyConnection connection in _connections.Keys)
        {
            connection.Swallow();
        }
    }

    /// <summary>Closes the listener: new connections are refused by the kernel; present ones go on.</summary>
    public void Refuse() => _listener.Close();

    /// <summary>Ends <see cref="Refuse"/>, on the same port.</summary>
    public void Listen() => _listener.Open();

    /// <summary>Holds both directions: nothing arrives, nothing is lost.</summary>
    public void Hold()
    {
        ToServer.Hold();
        ToClient.Hold();
    }

    /// <summary>Ends <see cref="Hold"/>: what was kept back arrives now.</summary>
    public void Release()
    {
        ToServer.Release();
        ToClient.Release();
    }

    /// <summary>
    /// Loses replies over HTTP/1.1 without TLS: the request reaches the server completely, and as soon as the first byte
    /// of the reply is there, so that the server has acted, the client's connection is reset.
    /// </summary>
    /// <param name="times">Exactly so many replies; 0 takes an earlier order back.</param>
    /// <param name="requestLine">Which requests are meant, by <c>PUT /v1/kv/a?cas=1 HTTP/1.1</c>. Default: all; mind running watches.</param>
    public void CutReplies(int times = 1, Func<string, bool>? requestLine = null) =>
        Volatile.Write(ref _replyCut, new(times, requestLine));

    /// <summary>Closes the listener and every connection; returns when nothing of them runs any more.</summary>
    public async ValueTask DisposeAsync()
    {
        // Nothing here minds a second time; the token source holds nothing that would need disposing.
        await _listener.DisposeAsync();
        await _stop.CancelAsync();
        ResetAll();
        await Task.WhenAll(_connections.Values);
    }

    internal bool ClaimsReply(string requestLine)
    {
        bool claimed = Volatile.Read(ref _replyCut)?.Claims(requestLine) is true;
        if (claimed)
        {
            Interlocked.Increment(ref _repliesCut);
        }

        return claimed;
    }

    private void Accept(Socket client)
    {
        Interlocked.Increment(ref _accepted);
        ProxyConnection connection = new(this, client, _stop.Token);
        switch (NewConnections)
        {
            case AcceptBehavior.Reset:
                connection.Reset();
                connection.Dispose();
                return;
            case AcceptBehavior.BlackHole:
                connection.Swallow();
                break;
        }

        // Entered before it runs: a connection that ends at once would otherwise be entered after it was removed.
        TaskCompletionSource over = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _connections[connection] = over.Task;
        _ = ServeAsync(connection, over);
    }

    private async Task ServeAsync(ProxyConnection connection, TaskCompletionSource over)
    {
        DnsEndPoint server = _server;
        try
        {
            await connection.RunAsync(server.Host, server.Port);
        }
        finally
        {
            connection.Dispose();
            _connections.TryRemove(connection, out _);
            over.SetResult();
        }
    }
}
