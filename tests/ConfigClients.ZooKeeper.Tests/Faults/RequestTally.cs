using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ConfigClients.ZooKeeper.Tests.Faults;

/// <summary>Stands between a store and its server and counts what the store asks for: a server's own counters do not tell kinds apart.</summary>
internal sealed class RequestTally : IAsyncDisposable
{
    private const int MultiRead = 22;
    private const int GetChildren = 8;
    private const int Sync = 9;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _port;
    private readonly Task _loop;
    private int _listings;
    private int _syncs;

    private RequestTally(int port)
    {
        _port = port;
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _loop = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public int Port { get; }

    /// <summary>Requests for the names below a node. The listing of more than 500 keys, none of them below another, begins with one and needs no second.</summary>
    public int Listings => Volatile.Read(ref _listings);

    /// <summary>Requests for the server to catch up.</summary>
    public int Syncs => Volatile.Read(ref _syncs);

    /// <summary>Counts in front of the server on this port of loopback.</summary>
    public static RequestTally Start(int port) => new(port);

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
                served.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
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
        using TcpClient server = new() { NoDelay = true };
        client.NoDelay = true;
        try
        {
            await server.ConnectAsync(IPAddress.Loopback, _port, _stop.Token);
            Task first = await Task.WhenAny(ForwardAsync(client.GetStream(), server.GetStream()), server.GetStream().CopyToAsync(client.GetStream(), _stop.Token));
            await first;
        }
        catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
        {
            // Either side has gone.
        }
    }

    private async Task ForwardAsync(NetworkStream client, NetworkStream server)
    {
        byte[] length = new byte[4];
        for (bool isRequest = false; ; isRequest = true)
        {
            await client.ReadExactlyAsync(length, _stop.Token);
            byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
            await client.ReadExactlyAsync(frame, _stop.Token);

            // The first frame of a connection asks for the session.
            if (isRequest)
            {
                Count(BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4)), frame.Length >= 12 ? BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(8)) : 0);
            }

            await server.WriteAsync((byte[])[.. length, .. frame], _stop.Token);
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
