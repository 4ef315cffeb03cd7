using System.Net.Http;
using System.Net.Sockets;

namespace ConfigClients.Etcd.Wire;

/// <summary>The connections to one endpoint, kept in mind so that those that have gone silent can be given up. Thread-safe.</summary>
internal sealed class EtcdConnections
{
    private readonly HashSet<Connection> _open = [];

    /// <summary>Connects.</summary>
    public async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken cancellationToken)
    {
        Socket socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, cancellationToken).ConfigureAwait(false);
            Connection connection = new(this, socket);
            lock (_open)
            {
                _open.Add(connection);
            }

            return connection;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Ends all of them. Whatever waits on one fails now, and what comes next connects anew.</summary>
    public void Abort()
    {
        Connection[] open;
        lock (_open)
        {
            open = [.. _open];
        }

        foreach (Connection connection in open)
        {
            connection.Abort();
        }
    }

    private void Forget(Connection connection)
    {
        lock (_open)
        {
            _open.Remove(connection);
        }
    }

    private sealed class Connection(EtcdConnections owner, Socket socket) : NetworkStream(socket, ownsSocket: true)
    {
        public void Abort() => Socket.Dispose();

        protected override void Dispose(bool disposing)
        {
            owner.Forget(this);
            base.Dispose(disposing);
        }
    }
}
