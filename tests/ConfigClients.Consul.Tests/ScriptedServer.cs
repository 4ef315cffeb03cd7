using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ConfigClients.Consul.Tests;

/// <summary>A server that answers what the test says: the broken and hostile ones that no real server can play.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<string, NetworkStream, CancellationToken, Task> _answer;
    private readonly List<string> _requests = [];
    private readonly Task _loop;

    private ScriptedServer(Func<string, NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _listener.Start();
        Endpoint = new Uri($"http://127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}");
        _loop = Task.Run(AcceptAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint { get; }

    /// <summary>Head and body of every request so far.</summary>
    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests)
            {
                return [.. _requests];
            }
        }
    }

    /// <summary>Answers every request by a text: status line, headers, empty line, body.</summary>
    public static ScriptedServer Start(Func<string, string> answer) => new(
        async (request, stream, stop) => await stream.WriteAsync(Encoding.UTF8.GetBytes(answer(request)), stop));

    /// <summary>Answers by hand.</summary>
    public static ScriptedServer Start(Func<string, NetworkStream, CancellationToken, Task> answer) => new(answer);

    /// <summary>A whole answer.</summary>
    public static string Reply(int status, string body, string? index = "7", string contentType = "application/json", string more = "") =>
        $"HTTP/1.1 {status} X\r\nContent-Type: {contentType}\r\n{(index is null ? "" : $"X-Consul-Index: {index}\r\n")}{more}Content-Length: {Encoding.UTF8.GetByteCount(body)}\r\n\r\n{body}";

    /// <summary>One entry as Consul writes it.</summary>
    public static string Entry(string key, string value = "dg==", string modifyIndex = "7") =>
        $$"""{"LockIndex":0,"Key":"{{key}}","Flags":0,"Value":"{{value}}","CreateIndex":5,"ModifyIndex":{{modifyIndex}}}""";

    public async ValueTask DisposeAsync()
    {
        // The loop first: a listener that is stopped between two accepts refuses the second as a wrong call.
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
                TcpClient client = await _listener.AcceptTcpClientAsync(_stop.Token);
                served.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            await Task.WhenAll(served);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using TcpClient owned = client;
        try
        {
            NetworkStream stream = client.GetStream();
            while (await ReadAsync(stream) is { } request)
            {
                lock (_requests)
                {
                    _requests.Add(request);
                }

                await _answer(request, stream, _stop.Token);
            }
        }
        catch (Exception e) when (e is IOException or OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The client has seen enough, or the test is over.
        }
    }

    private async Task<string?> ReadAsync(NetworkStream stream)
    {
        List<byte> bytes = [];
        byte[] one = new byte[1];
        while (!bytes.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, _stop.Token) == 0)
            {
                return null;
            }

            bytes.Add(one[0]);
        }

        string head = Encoding.UTF8.GetString([.. bytes]);
        string? length = head.Split("\r\n").FirstOrDefault(static line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        byte[] body = new byte[length is null ? 0 : int.Parse(length.AsSpan("Content-Length: ".Length), System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, _stop.Token);
        return head + Encoding.UTF8.GetString(body);
    }
}
