using System.Buffers.Binary;
using System.Net.Sockets;
using System.Text;

namespace ConfigClients.Benchmarks;

/// <summary>The protocol on a blocking socket and nothing else: a session, and one get or set at a time. The floor no client can be below.</summary>
internal sealed class BareZooKeeper : IDisposable
{
    private const int GetData = 4;
    private const int SetData = 5;

    private readonly Socket _socket = new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly byte[] _request = new byte[1024];
    private readonly byte[] _answer = new byte[64 * 1024];
    private int _xid;

    public BareZooKeeper(string host, int port)
    {
        _socket.Connect(host, port);

        // Protocol version 0, nothing seen, 30 s, no session yet, no password.
        Span<byte> hello = stackalloc byte[4 + 44];
        hello.Clear();
        BinaryPrimitives.WriteInt32BigEndian(hello, 44);
        BinaryPrimitives.WriteInt32BigEndian(hello[16..], 30_000);
        BinaryPrimitives.WriteInt32BigEndian(hello[28..], 16);
        _socket.Send(hello);
        Receive();
    }

    /// <summary>Reads a node.</summary>
    /// <returns>How long its data is.</returns>
    public int Get(string path)
    {
        int length = Begin(GetData, path);
        _request[length++] = 0;
        Exchange(length);
        return BinaryPrimitives.ReadInt32BigEndian(_answer.AsSpan(16));
    }

    /// <summary>Writes a node, whatever its version.</summary>
    public void Set(string path, ReadOnlySpan<byte> data)
    {
        int length = Begin(SetData, path);
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(length), data.Length);
        data.CopyTo(_request.AsSpan(length + 4));
        length += 4 + data.Length;
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(length), -1);
        Exchange(length + 4);
    }

    public void Dispose() => _socket.Dispose();

    private int Begin(int operation, string path)
    {
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(4), ++_xid);
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(8), operation);
        int bytes = Encoding.UTF8.GetBytes(path, _request.AsSpan(16));
        BinaryPrimitives.WriteInt32BigEndian(_request.AsSpan(12), bytes);
        return 16 + bytes;
    }

    private void Exchange(int length)
    {
        BinaryPrimitives.WriteInt32BigEndian(_request, length - 4);
        _socket.Send(_request.AsSpan(0, length));
        Receive();
        if (BinaryPrimitives.ReadInt32BigEndian(_answer) != _xid || BinaryPrimitives.ReadInt32BigEndian(_answer.AsSpan(12)) != 0)
        {
            throw new InvalidOperationException($"Request {_xid} was refused.");
        }
    }

    /// <summary>Takes one frame, without its length.</summary>
    private void Receive()
    {
        Span<byte> head = stackalloc byte[4];
        Fill(head);
        Fill(_answer.AsSpan(0, BinaryPrimitives.ReadInt32BigEndian(head)));
    }

    private void Fill(Span<byte> buffer)
    {
        while (buffer.Length > 0)
        {
            int bytes = _socket.Receive(buffer);
            buffer = bytes == 0 ? throw new EndOfStreamException() : buffer[bytes..];
        }
    }
}
