using System.Net;
using System.Net.Sockets;

namespace ConfigClients.Backends.Relays;

/// <summary>The loopback port at which the peers of one server reach it.</summary>
/// <remarks>It listens for as long as the cluster lives, whether the server runs or not. Thread-safe.</remarks>
internal sealed class PeerRelay : IAsyncDisposable
{
    private readonly int _targetPort;
    private readonly Func<int, bool> _isCutFrom;
    private readonly HashSet<RelayedConnection> _open = [];
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Task _accepting;
    private volatile bool _ended;

    /// <param name="port">Where it listens.</param>
    /// <param name="targetPort">Where the server does.</param>
    /// <param name="isCutFrom">Whether nothing may come from whoever connected from this port.</param>
    public PeerRelay(int port, int targetPort, Func<int, bool> isCutFrom)
    {
        _targetPort = targetPort;
        _isCutFrom = isCutFrom;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, port));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <summary>Ends the connections that may not be any more.</summary>
    public void Review()
    {
        RelayedConnection[] open;
        lock (_open)
        {
            open = [.. _open];
        }

        foreach (RelayedConnection connection in open.Where(connection => _isCutFrom(connection.SourcePort)))
        {
            connection.Reset();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _ended = true;
        _listener.Dispose();
        await _accepting;
        lock (_open)
        {
            foreach (RelayedConnection connection in _open)
            {
                connection.Reset();
            }
        }
    }

    private async Task AcceptAsync()
    {
        while (!_ended)
        {
            try
            {
                _ = CarryAsync(new(await _listener.AcceptAsync()));
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Disposed, or whoever connected has gone again.
            }
        }
    }

    private async Task CarryAsync(RelayedConnection connection)
    {
        // Counted first and judged then, so that a cut at the same time finds it in one way or the other.
        using (connection)
        {
            lock (_open)
            {
                _open.Add(connection);
            }

            if (_isCutFrom(connection.SourcePort))
            {
                connection.Reset();
            }
            else
            {
                await connection.CarryAsync(_targetPort);
            }

            lock (_open)
            {
                _open.Remove(connection);
            }
        }
    }
}
