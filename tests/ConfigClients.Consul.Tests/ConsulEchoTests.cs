using ConfigClients.Conformance;

namespace ConfigClients.Consul.Tests;

/// <summary>A server that repeats what it was sent: the token goes no further than the request.</summary>
public sealed class ConsulEchoTests
{
    private const string Token = "canary-5f0e3b6b1f8f0e3b6b1f";

    private static readonly string Long = new('x', 190);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string> Answers =>
    [
        ScriptedServer.Reply(400, $"bad {Token}"),
        ScriptedServer.Reply(403, $"ACL not found: {Token}"),
        ScriptedServer.Reply(500, $"No cluster leader for {Token}"),
        ScriptedServer.Reply(500, Long + Token),
        ScriptedServer.Reply(502, $"<html>Authorization: Bearer {Token}</html>", contentType: "text/html"),
        Refused($"Permission denied {Token}"),
        Refused($"invalid session {Token}"),
        Refused($"something else {Token}"),
        Refused($"Permission denied {Long}{Token}{Long}"),
        ScriptedServer.Reply(200, $"t{Token}"),
        ScriptedServer.Reply(200, $"[t{Token}]"),
        ScriptedServer.Reply(200, $$"""[{"Key":t{{Token}}"""),
        ScriptedServer.Reply(200, $$"""{"Results":t{{Token}}"""),
        ScriptedServer.Reply(200, $$"""[{"Key":"a","Value":"{{Token}}","CreateIndex":7,"ModifyIndex":7}]"""),
        $"{Token}\r\n\r\n",
        $"HTTP/1.1 {Token}\r\n\r\n",
        $"HTTP/1.1 200 OK\r\n{Token}\r\n\r\n",
        $"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Consul-Index: 7\r\nTransfer-Encoding: chunked\r\n\r\n{Token}\r\n",
        $"HTTP/1.1 307 {Token}\r\nLocation: http://192.0.2.1/{Token}\r\nContent-Length: 0\r\n\r\n",
    ];

    [Theory]
    [MemberData(nameof(Answers))]
    public async Task The_token_is_in_no_exception_and_in_no_log(string answer)
    {
        using CapturedLog log = new();
        await using ScriptedServer server = ScriptedServer.Start(_ => answer);
        await using IConfigStore store = ConsulStores.Open(
            server.Endpoint,
            static options =>
            {
                options.Token = Token;
                options.RequestTimeout = TimeSpan.FromMilliseconds(300);
                options.ConnectTimeout = TimeSpan.FromMilliseconds(300);
            },
            builder => builder.UseLoggerFactory(log));

        Exception?[] failures =
        [
            await Record.ExceptionAsync(async () => await store.GetAsync("a", Stop)),
            await Record.ExceptionAsync(async () => await store.ListAsync("a", Stop)),
            await Record.ExceptionAsync(async () => await store.SetAsync("a", "v", cancellationToken: Stop)),
            await Record.ExceptionAsync(async () => await store.OpenSessionAsync(cancellationToken: Stop)),
            await Record.ExceptionAsync(async () => await store.WatchAsync("a", Stop).FirstAsync(Stop)),
        ];

        Assert.Contains(server.Requests, static request => request.Contains(Token, StringComparison.Ordinal));
        Assert.Contains(failures, static failure => failure is StoreException);
        Assert.All(failures, static failure => Assert.True(failure is null or StoreException, $"{failure}"));
        Assert.DoesNotContain(failures, static failure => $"{failure}".Contains(Token[..10], StringComparison.Ordinal));
        Assert.DoesNotContain(log.Lines, static line => line.Contains(Token[..10], StringComparison.Ordinal));
        Assert.All(failures, static failure => Assert.True((failure?.Message.Length ?? 0) < 500));
    }

    private static string Refused(string what) =>
        ScriptedServer.Reply(409, $$"""{"Results":null,"Errors":[{"OpIndex":0,"What":"{{what}}"}]}""");
}
