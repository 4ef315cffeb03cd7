using System.Net.Sockets;
using System.Text;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.Consul.Tests;

/// <summary>A server that answers what the test says: the broken and hostile ones that no real server can play.</summary>
internal sealed class ScriptedServer : IAsyncDisposable
{
    private readonly Func<string, NetworkStream, CancellationToken, Task> _answer;
    private readonly List<string> _requests = [];
    private readonly LoopbackServer _server;

    private ScriptedServer(Func<string, NetworkStream, CancellationToken, Task> answer)
    {
        _answer = answer;
        _server = new LoopbackServer(ServeAsync);
    }

    /// <summary>Where it listens.</summary>
    public Uri Endpoint => new($"http://127.0.0.1:{_server.Port}");

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

    public ValueTask DisposeAsync() => _server.DisposeAsync();

    private async Task ServeAsync(NetworkStream stream, CancellationToken stop)
    {
        while (await ReadAsync(stream, stop) is { } request)
        {
            lock (_requests)
            {
                _requests.Add(request);
            }

            await _answer(request, stream, stop);
        }
    }

    private static async Task<string?> ReadAsync(NetworkStream stream, CancellationToken stop)
    {
        List<byte> bytes = [];
        byte[] one = new byte[1];
        while (!bytes.TakeLast(4).SequenceEqual("\r\n\r\n"u8.ToArray()))
        {
            if (await stream.ReadAsync(one, stop) == 0)
            {
                return null;
            }

            bytes.Add(one[0]);
        }

        string head = Encoding.UTF8.GetString([.. bytes]);
        string? length = head.Split("\r\n").FirstOrDefault(static line => line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase));
        byte[] body = new byte[length is null ? 0 : int.Parse(length.AsSpan("Content-Length: ".Length), System.Globalization.CultureInfo.InvariantCulture)];
        await stream.ReadExactlyAsync(body, stop);
        return head + Encoding.UTF8.GetString(body);
    }
}
