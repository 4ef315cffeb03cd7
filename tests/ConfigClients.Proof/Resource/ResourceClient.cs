using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace ConfigClients.Proof.Resource;

/// <summary>One worker's connection to the resource. Not thread-safe.</summary>
internal sealed class ResourceClient : IDisposable
{
    private readonly TcpClient _client = new() { NoDelay = true };
    private readonly byte[] _request = new byte[ResourceServer.RequestBytes];
    private readonly byte[] _answer = new byte[ResourceServer.AnswerBytes];

    /// <summary>Connects.</summary>
    public static async Task<ResourceClient> ConnectAsync(int port)
    {
        ResourceClient client = new();
        await client._client.ConnectAsync(IPAddress.Loopback, port);
        return client;
    }

    /// <summary>Reads a counter; null if the token was refused.</summary>
    public Task<long?> ReadAsync(Arm arm, int number, long token) => AskAsync(0, arm, number, token, 0);

    /// <summary>Writes a counter; null if the token was refused.</summary>
    public Task<long?> WriteAsync(Arm arm, int number, long token, long value) => AskAsync(ResourceServer.WriteOperation, arm, number, token, value);

    public void Dispose() => _client.Dispose();

    private async Task<long?> AskAsync(byte operation, Arm arm, int number, long token, long value)
    {
        _request[0] = operation;
        _request[1] = (byte)arm;
        BinaryPrimitives.WriteInt32LittleEndian(_request.AsSpan(2), number);
        BinaryPrimitives.WriteInt64LittleEndian(_request.AsSpan(6), token);
        BinaryPrimitives.WriteInt64LittleEndian(_request.AsSpan(14), value);
        await _client.GetStream().WriteAsync(_request);
        await _client.GetStream().ReadExactlyAsync(_answer);
        return _answer[0] == 0 ? null : BinaryPrimitives.ReadInt64LittleEndian(_answer.AsSpan(1));
    }
}
