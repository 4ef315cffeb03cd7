using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ConfigClients.Proof.Resource;

/// <summary>The resource outside the store that the lock protects: counters behind a loopback port, each guarded by its own tokens.</summary>
/// <remarks>A request is an operation, an arm, a lock, a token and a value; an answer a flag and a value. Thread-safe.</remarks>
public sealed class ResourceServer : IDisposable
{
    internal const int RequestBytes = 1 + 1 + 4 + 8 + 8;
    internal const int AnswerBytes = 1 + 8;
    internal const byte WriteOperation = 1;

    private readonly Dictionary<(Arm Arm, int Number), ResourceState> _states = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    /// <summary>Starts listening.</summary>
    public ResourceServer()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    /// <summary>Where it listens.</summary>
    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>All counters of an arm that were used.</summary>
    /// <param name="arm">The arm.</param>
    /// <returns>The states.</returns>
    public IReadOnlyList<ResourceState> Of(Arm arm)
    {
        lock (_states)
        {
            return [.. _states.Where(state => state.Key.Arm == arm).Select(static state => state.Value)];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                _ = ServeAsync(await _listener.AcceptTcpClientAsync());
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The run is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            client.NoDelay = true;
            byte[] request = new byte[RequestBytes];
            byte[] answer = new byte[AnswerBytes];
            try
            {
                while (true)
                {
                    await client.GetStream().ReadExactlyAsync(request);
                    Answer(request, answer);
                    await client.GetStream().WriteAsync(answer);
                }
            }
            catch (IOException)
            {
                // The process was killed.
            }
        }
    }

    private void Answer(ReadOnlySpan<byte> request, Span<byte> answer)
    {
        Arm arm = (Arm)request[1];
        int number = BinaryPrimitives.ReadInt32LittleEndian(request[2..]);
        long token = BinaryPrimitives.ReadInt64LittleEndian(request[6..]);
        long? result;
        lock (_states)
        {
            ResourceState state = CollectionsMarshal.GetValueRefOrAddDefault(_states, (arm, number), out _) ??= new ResourceState();
            result = request[0] == WriteOperation
                ? state.Write(token, BinaryPrimitives.ReadInt64LittleEndian(request[14..]), arm == Arm.Fenced)
                : state.Read(token, arm == Arm.Fenced);
        }

        answer[0] = result is null ? (byte)0 : (byte)1;
        BinaryPrimitives.WriteInt64LittleEndian(answer[1..], result ?? 0);
    }
}
