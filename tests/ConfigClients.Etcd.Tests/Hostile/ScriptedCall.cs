using System.Buffers.Binary;
using System.Globalization;
using Etcdserverpb;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>One call at the <see cref="ScriptedEtcd"/>: the script reads what was asked, and says what it likes. Not thread-safe.</summary>
/// <param name="context">The request.</param>
/// <param name="gone">Cancelled when the client is gone, or the test over.</param>
internal sealed class ScriptedCall(HttpContext context, CancellationToken gone)
{
    /// <summary>The token that came along; null if none.</summary>
    public string? Token => context.Request.Headers.TryGetValue("token", out Microsoft.Extensions.Primitives.StringValues token) ? token.ToString() : null;

    /// <summary>A header of the request; empty if it is not there.</summary>
    public string Header(string name) => context.Request.Headers[name].ToString();

    /// <summary>A message as it goes over the wire.</summary>
    /// <param name="payload">Its bytes.</param>
    /// <param name="flag">1 for compressed.</param>
    /// <param name="length">The length to claim. Default: the true one.</param>
    public static byte[] Frame(ReadOnlySpan<byte> payload, byte flag = 0, int? length = null)
    {
        byte[] frame = new byte[5 + payload.Length];
        frame[0] = flag;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), length ?? payload.Length);
        payload.CopyTo(frame.AsSpan(5));
        return frame;
    }

    /// <summary>The next request; null when the client has no more.</summary>
    public async Task<T?> ReadAsync<T>()
        where T : class, IMessage<T>, new()
    {
        byte[] head = new byte[5];
        if (await context.Request.Body.ReadAtLeastAsync(head, head.Length, throwOnEndOfStream: false, gone) < head.Length)
        {
            return null;
        }

        byte[] body = new byte[BinaryPrimitives.ReadInt32BigEndian(head.AsSpan(1))];
        await context.Request.Body.ReadExactlyAsync(body, gone);
        return new MessageParser<T>(static () => new T()).ParseFrom(body);
    }

    /// <summary>Sends a message.</summary>
    public Task SendAsync(IMessage message) => SendAsync(Frame(message.ToByteArray()));

    /// <summary>Sends bytes.</summary>
    public async Task SendAsync(ReadOnlyMemory<byte> bytes)
    {
        context.Response.ContentType ??= "application/grpc";
        await context.Response.Body.WriteAsync(bytes, gone);
        await context.Response.Body.FlushAsync(gone);
    }

    /// <summary>Sends the one answer of a call, and ends it well.</summary>
    public async Task AnswerAsync(IMessage message)
    {
        await SendAsync(message);
        End();
    }

    /// <summary>Ends the call with a status: in the trailers, or in the headers if nothing was sent.</summary>
    public void End(int status = 0, string text = "")
    {
        string number = status.ToString(CultureInfo.InvariantCulture);
        if (context.Response.HasStarted)
        {
            context.Response.AppendTrailer("grpc-status", number);
            context.Response.AppendTrailer("grpc-message", Uri.EscapeDataString(text));
        }
        else
        {
            context.Response.ContentType = "application/grpc";
            context.Response.Headers["grpc-status"] = number;
            context.Response.Headers["grpc-message"] = Uri.EscapeDataString(text);
        }
    }

    /// <summary>Sets a header of the answer.</summary>
    public void Set(string name, string value) => context.Response.Headers[name] = value;

    /// <summary>Answers as a web server would.</summary>
    public async Task AnswerAsWebAsync(int status, string contentType, string body)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = contentType;
        await context.Response.WriteAsync(body, gone);
    }

    /// <summary>Resets the stream with an error code of HTTP/2.</summary>
    public void Reset(int code) => context.Features.Get<IHttpResetFeature>()!.Reset(code);

    /// <summary>Waits until the client is gone, or the test over.</summary>
    public Task HoldAsync() => Task.Delay(Timeout.Infinite, gone);

    /// <summary>Waits for a moment of the script.</summary>
    public Task HoldAsync(Task until) => until.WaitAsync(gone);

    /// <summary>Reads until a watch is asked for, and lets it begin.</summary>
    /// <param name="revision">The revision of the store.</param>
    /// <returns>What was asked for.</returns>
    public async Task<WatchCreateRequest> AcceptWatchAsync(long revision = 7)
    {
        WatchCreateRequest asked = await ReadWatchAsync();
        await SendAsync(EtcdMessages.Created(asked.WatchId, revision));
        return asked;
    }

    /// <summary>Reads until a watch is asked for.</summary>
    public async Task<WatchCreateRequest> ReadWatchAsync()
    {
        while (await ReadAsync<WatchRequest>() is { } request)
        {
            if (request.CreateRequest is { } asked)
            {
                return asked;
            }
        }

        throw new IOException("The client asks for no watch.");
    }
}
