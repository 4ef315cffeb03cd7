using Google.Protobuf;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Answers that no call can be answered by, by name.</summary>
internal static class BadAnswers
{
    /// <summary>Gives one.</summary>
    /// <param name="server">Whose connections may be cut.</param>
    /// <param name="call">The call to answer.</param>
    /// <param name="what">Its name.</param>
    /// <param name="good">What a well server would have answered.</param>
    public static Task GiveAsync(ScriptedEtcd server, ScriptedCall call, string what, IMessage good)
    {
        byte[] payload = good.ToByteArray();
        byte[] frame = ScriptedCall.Frame(payload);
        switch (what)
        {
            case "HTML with 200" or "HTML with 404" or "HTML with 500" or "HTML with 502" or "HTML with 503":
                return call.AnswerAsWebAsync(int.Parse(what.AsSpan("HTML with ".Length), null), "text/html", "<html>hello</html>");
            case "JSON":
                return call.AnswerAsWebAsync(200, "application/json", "{}");
            case "no content type":
                call.Set("grpc-status", "0");
                return Task.CompletedTask;
            case "garbage":
                return EndAsync(call, ScriptedCall.Frame("\0\0not a message of this protocol"u8));
            case "an empty message":
                return EndAsync(call, ScriptedCall.Frame([]));
            case "half a head":
                return EndAsync(call, frame[..3]);
            case "a torn message":
                return EndAsync(call, frame[..^1]);
            case "two messages":
                return EndAsync(call, [.. frame, .. frame]);
            case "no message":
                call.End();
                return Task.CompletedTask;
            case "a message and no status":
                return call.SendAsync(frame);
            case "a message and a bad status":
                return EndAsync(call, frame, 14, "etcdserver: request timed out");
            case "a status that is no number":
                call.Set("content-type", "application/grpc");
                call.Set("grpc-status", "fine");
                return Task.CompletedTask;
            case "a message that says it is compressed":
                return EndAsync(call, ScriptedCall.Frame(payload, flag: 1));
            case "a message with an unknown flag":
                return EndAsync(call, ScriptedCall.Frame(payload, flag: 2));
            case "a message of 65 MiB":
                return HoldAsync(call, ScriptedCall.Frame([], length: 65 * 1024 * 1024));
            case "a message of 4 GiB":
                return HoldAsync(call, ScriptedCall.Frame([], length: -1));
            case "a reset, ENHANCE_YOUR_CALM":
                call.Reset(0xb);
                return Task.CompletedTask;
            case "a reset, CANCEL":
                call.Reset(0x8);
                return Task.CompletedTask;
            case "a reset, INTERNAL_ERROR":
                call.Reset(0x2);
                return Task.CompletedTask;
            case "a cut":
                server.CutConnections();
                return Task.CompletedTask;
            case "silence":
                return call.HoldAsync();
            default:
                throw new ArgumentOutOfRangeException(nameof(what), what, null);
        }
    }

    private static async Task EndAsync(ScriptedCall call, byte[] bytes, int status = 0, string text = "")
    {
        await call.SendAsync(bytes);
        call.End(status, text);
    }

    private static async Task HoldAsync(ScriptedCall call, byte[] bytes)
    {
        await call.SendAsync(bytes);
        await call.HoldAsync();
    }
}
