using System.Buffers.Binary;
using System.Net.Sockets;

namespace ConfigClients.ZooKeeper.Tests.Hostile;

/// <summary>One connection to a <see cref="FakeServer"/>.</summary>
/// <param name="Stream">Its bytes.</param>
/// <param name="Number">The first connection is 1.</param>
/// <param name="Stop">The test is over.</param>
internal sealed record FakeLine(NetworkStream Stream, int Number, CancellationToken Stop)
{
    public const long SessionId = 0x77;

    /// <summary>Reads a frame; returns it without its length.</summary>
    public async Task<byte[]> ReadAsync()
    {
        byte[] length = new byte[4];
        await Stream.ReadExactlyAsync(length, Stop);
        byte[] frame = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await Stream.ReadExactlyAsync(frame, Stop);
        return frame;
    }

    /// <summary>Writes a frame, its length before it.</summary>
    public async Task WriteAsync(params byte[] frame)
    {
        byte[] framed = new byte[4 + frame.Length];
        BinaryPrimitives.WriteInt32BigEndian(framed, frame.Length);
        frame.CopyTo(framed, 4);
        await Stream.WriteAsync(framed, Stop);
    }

    /// <summary>Grants a session.</summary>
    public Task WelcomeAsync(int timeoutMs, long id = SessionId) => WriteAsync([.. Int(0), .. Int(timeoutMs), .. Long(id), .. Int(16), .. new byte[16], 0]);

    /// <summary>Answers a request.</summary>
    public Task AnswerAsync(int xid, long zxid = 5, int error = 0, byte[]? body = null) => WriteAsync([.. Int(xid), .. Long(zxid), .. Int(error), .. body ?? []]);

    /// <summary>Answers whatever comes by "no such node", until the client goes.</summary>
    public async Task AnswerAllAsync()
    {
        while (true)
        {
            await AnswerAsync(Xid(await ReadAsync()), error: -101);
        }
    }

    /// <summary>Takes whatever comes, and says nothing.</summary>
    public async Task SwallowAsync()
    {
        byte[] bytes = new byte[4096];
        while (await Stream.ReadAsync(bytes, Stop) > 0)
        {
        }
    }

    public static int Xid(byte[] request) => BinaryPrimitives.ReadInt32BigEndian(request);

    public static int Kind(byte[] request) => BinaryPrimitives.ReadInt32BigEndian(request.AsSpan(4));

    public static byte[] Int(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    public static byte[] Long(long value)
    {
        byte[] bytes = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, value);
        return bytes;
    }

    /// <summary>Data and a stat of nothing.</summary>
    public static byte[] Node(int dataBytes) => [.. Int(dataBytes), .. new byte[dataBytes], .. new byte[68]];
}
