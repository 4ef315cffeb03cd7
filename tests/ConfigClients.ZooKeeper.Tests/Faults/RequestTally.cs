using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>Stands between a store and its server and counts what the store asks for: a server's own counters do not tell kinds apart.</summary>
internal sealed class RequestTally : IAsyncDisposable
{
    private const int MultiRead = 22;
    private const int GetChildren = 8;
    private const int Sync = 9;

    private readonly LoopbackServer _server;
    private readonly int _port;
    private int _listings;
    private int _syncs;

    private RequestTally(int port)
    {
        _port = port;
        _server = new LoopbackServer(ServeAsync);
    }

    /// <summary>Where it listens.</summary>
    public int Port => _server.Port;

    /// <summary>Requests for the names below a node. The listing of more than 500 keys, none of them below another, begins with one and needs no second.</summary>
    public int Listings => Volatile.Read(ref _listings);

    /// <summary>Requests for the server to catch up.</summary>
    public int Syncs => Volatile.Read(ref _syncs);

    /// <summary>Counts in front of the server on this port of loopback.</summary>
    public static RequestTally Start(int port) => new(port);

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream client, CancellationToken stop)
    {
        using TcpClient server = new() { NoDelay = true };
        await server.ConnectAsync(IPAddress.Loopback, _port, stop);
        Task first = await Task.WhenAny(ForwardAsync(client, server.GetStream(), stop), server.GetStream().CopyToAsync(client, stop));
        await first;
    }

    private async Task ForwardAsync(NetworkStream client, NetworkStream server, CancellationToken stop)
    {
        byte[] length = new byte[4];
        for (bool isRequest = false; ; isRequest = true)
        {
            await client.ReadExactlyAsync(length, stop);
            byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await client.ReadExactlyAsync(frame, stop);

            // The first frame of a connection asks for the session.
            if (isRequest)
            {
                Count(BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4)), frame.Length >= 12 ? BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(8)) : 0);
            }

            await server.WriteAsync((byte[])[.. length, .. frame], stop);
        }
    }

    private void Count(int kind, int firstOfSeveral)
    {
        if (kind == Sync)
        {
            Interlocked.Increment(ref _syncs);
        }
        else if (kind == MultiRead && firstOfSeveral == GetChildren)
        {
            Interlocked.Increment(ref _listings);
        }
    }
}
