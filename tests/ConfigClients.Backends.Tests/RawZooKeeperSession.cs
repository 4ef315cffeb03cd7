using System.Buffers.Binary;
using System.Text;
using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.Backends.Tests;

/// <summary>Just enough of ZooKeeper's protocol to see that a server serves: a session, a node written, a node read.</summary>
internal sealed class RawZooKeeperSession : IAsyncDisposable
{
    private const int Create = 1;
    private const int GetData = 4;
    private const int Auth = 100;
    private const int ReplyHeaderBytes = 16;

    private readonly Stream _stream;

    private RawZooKeeperSession(Stream stream) => _stream = stream;

    /// <summary>What the server granted.</summary>
    public TimeSpan Timeout { get; private set; }

    /// <summary>Whether the server said that it cannot write.</summary>
    public bool IsReadOnly { get; private set; }

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <exception cref="IOException">The server ended the connection instead of an answer.</exception>
    public static async Task<RawZooKeeperSession> OpenAsync(Stream stream, TimeSpan? timeout = null, bool readOnly = false)
    {
        RawZooKeeperSession session = new(stream);
        int milliseconds = (int)(timeout ?? TimeSpan.FromSeconds(10)).TotalMilliseconds;
        byte[] answer = await session.AskAsync([.. Int(0), .. new byte[8], .. Int(milliseconds), .. new byte[8], .. Bytes(new byte[16]), (byte)(readOnly ? 1 : 0)]);
        session.Timeout = TimeSpan.FromMilliseconds(BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(4)));
        session.IsReadOnly = answer[^1] != 0;
        return session;
    }

    public static async Task<RawZooKeeperSession> OpenAsync(ZooKeeperBackend server, TimeSpan? timeout = null) =>
        await OpenAsync(await server.ConnectAsync(cancellationToken: Stop), timeout);

    /// <returns>The error code; 0 for none.</returns>
    public async Task<int> AuthenticateAsync(string userAndPassword) =>
        Error(await AskAsync([.. Int(-4), .. Int(Auth), .. Int(0), .. Text("digest"), .. Text(userAndPassword)]));

    /// <returns>The error code; 0 for none.</returns>
    public async Task<int> CreateAsync(string path, string data) =>
        Error(await AskAsync([.. Int(1), .. Int(Create), .. Text(path), .. Text(data), .. Int(1), .. Int(31), .. Text("world"), .. Text("anyone"), .. Int(0)]));

    /// <returns>The data; null when there is no such node.</returns>
    public async Task<string?> ReadAsync(string path)
    {
        byte[] answer = await AskAsync([.. Int(2), .. Int(GetData), .. Text(path), 0]);
        return Error(answer) != 0
            ? null
            : Encoding.UTF8.GetString(answer.AsSpan(ReplyHeaderBytes + 4, BinaryPrimitives.ReadInt32BigEndian(answer.AsSpan(ReplyHeaderBytes))));
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    private static int Error(byte[] reply) => BinaryPrimitives.ReadInt32BigEndian(reply.AsSpan(12));

    private static byte[] Int(int value)
    {
        byte[] bytes = new byte[4];
        BinaryPrimitives.WriteInt32BigEndian(bytes, value);
        return bytes;
    }

    private static byte[] Bytes(byte[] value) => [.. Int(value.Length), .. value];

    private static byte[] Text(string value) => Bytes(Encoding.UTF8.GetBytes(value));

    private async Task<byte[]> AskAsync(byte[] request)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        patience.CancelAfter(TimeSpan.FromSeconds(20));
        await _stream.WriteAsync(Bytes(request), patience.Token);

        byte[] length = new byte[4];
        await _stream.ReadExactlyAsync(length, patience.Token);
        byte[] answer = new byte[BinaryPrimitives.ReadInt32BigEndian(length)];
        await _stream.ReadExactlyAsync(answer, patience.Token);
        return answer;
    }
}
