using System.Diagnostics;
using System.Text;

namespace ConfigClients.Consul.Tests;

/// <summary>What a broken or hostile server must not be able to do.</summary>
public sealed class ConsulHostileServerTests
{
    private const string Token = "canary-token";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, StoreError> BadReads => new()
    {
        { ScriptedServer.Reply(200, "<html>hello</html>", contentType: "text/html"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "<html>hello</html>"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "[]"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "[null]"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "{}"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, ""), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "[" + ScriptedServer.Entry("other") + "]"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "[" + ScriptedServer.Entry("a", "%%%%") + "]"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "[" + ScriptedServer.Entry("a", "=") + "]"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "[" + ScriptedServer.Entry("a", "dg==", "18446744073709551616") + "]"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "[" + ScriptedServer.Entry("a", "dg==", "-1") + "]"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "[{\"Key\":\"a\"}]"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "[{\"Key\":\"a\",\"Mod"), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(200, "[" + ScriptedServer.Entry("a") + "]", index: null), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(404, "", index: null), StoreError.ProtocolViolation },
        { ScriptedServer.Reply(204, ""), StoreError.ProtocolViolation },
        { "HTTP/1.1 301 Moved\r\nLocation: http://192.0.2.1/secret\r\nContent-Length: 0\r\n\r\n", StoreError.ProtocolViolation },
        { "HTTP/1.1 302 Moved\r\nLocation: http://192.0.2.1/secret\r\nContent-Length: 0\r\n\r\n", StoreError.ProtocolViolation },
        { "HTTP/1.1 307 Moved\r\nLocation: /v1/kv/a\r\nContent-Length: 0\r\n\r\n", StoreError.ProtocolViolation },
        { "SSH-2.0-OpenSSH_9.2\r\n\r\n", StoreError.ProtocolViolation },
        { ScriptedServer.Reply(400, "Invalid query parameter: \"ns\" - Namespaces are a Consul Enterprise feature"), StoreError.Unsupported },
        { ScriptedServer.Reply(403, "Permission denied"), StoreError.Denied },
        { ScriptedServer.Reply(500, "<html>proxy</html>", contentType: "text/html"), StoreError.Unavailable },
        { ScriptedServer.Reply(502, "<html>proxy</html>", contentType: "text/html"), StoreError.Unavailable },
        { ScriptedServer.Reply(503, "<html>proxy</html>", contentType: "text/html"), StoreError.Unavailable },
        { ScriptedServer.Reply(502, "packed", more: "Content-Encoding: gzip\r\n"), StoreError.Unavailable },
        { ScriptedServer.Reply(200, "[" + ScriptedServer.Entry("a") + "]", more: "Content-Encoding: gzip\r\n"), StoreError.ProtocolViolation },
    };

    [Theory]
    [MemberData(nameof(BadReads))]
    public async Task A_bad_answer_to_a_read_is_a_typed_error(string answer, StoreError expected)
    {
        await using ScriptedServer server = ScriptedServer.Start(_ => answer);
        await using IConfigStore store = Open(server, "00:00:01");

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal((expected, false), (failure.Error, failure.MayHaveApplied));
        Assert.DoesNotContain(Token, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("192.0.2.1", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(200, "<html>hello</html>", "text/html", StoreError.ProtocolViolation, true)]
    [InlineData(200, """{"Results":[],"Errors":null}""", "application/json", StoreError.ProtocolViolation, true)]
    [InlineData(200, """{"Results":null,"Errors":[{"OpIndex":0,"What":"x"}]}""", "application/json", StoreError.ProtocolViolation, true)]
    [InlineData(409, """{"Results":null,"Errors":[{"OpIndex":9,"What":"x"}]}""", "application/json", StoreError.ProtocolViolation, false)]
    [InlineData(409, """{"Results":null,"Errors":[{"OpIndex":0,"What":"Permission denied"}]}""", "application/json", StoreError.Denied, false)]
    [InlineData(409, """{"Results":null,"Errors":[{"OpIndex":0,"What":"no such thing"}]}""", "application/json", StoreError.InvalidRequest, false)]
    [InlineData(413, "Request body(524289 bytes) too large", "text/plain", StoreError.TooLarge, false)]
    [InlineData(429, "Your IP is issuing too many concurrent connections", "text/plain", StoreError.Throttled, false)]
    [InlineData(500, "No cluster leader", "text/plain", StoreError.Unavailable, false)]
    [InlineData(500, "rpc error making call: rpc error: lead thread didn't get connection", "text/plain", StoreError.Unavailable, true)]
    [InlineData(500, "leadership lost while committing log", "text/plain", StoreError.Unavailable, true)]
    [InlineData(500, "rpc error making call: Permission denied", "text/plain", StoreError.Denied, false)]
    [InlineData(500, "invalid session \"x\"", "text/plain", StoreError.SessionEnded, false)]
    [InlineData(500, "write /data/raft.db: no space left on device", "text/plain", StoreError.StoreFull, false)]
    [InlineData(500, "No path to datacenter", "text/plain", StoreError.Unsupported, false)]
    [InlineData(503, "overloaded", "text/plain", StoreError.Unavailable, true)]
    public async Task A_bad_answer_to_a_write_says_whether_it_may_have_applied(int status, string body, string type, StoreError expected, bool mayHaveApplied)
    {
        await using ScriptedServer server = ScriptedServer.Start(_ => ScriptedServer.Reply(status, body, contentType: type));
        await using IConfigStore store = Open(server);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((expected, mayHaveApplied), (failure.Error, failure.MayHaveApplied));
        Assert.Equal(mayHaveApplied, server.Requests.Count == 1 && failure.MayHaveApplied);
    }

    [Fact]
    public async Task A_redirect_is_not_followed_and_the_token_stays()
    {
        await using ScriptedServer elsewhere = ScriptedServer.Start(_ => ScriptedServer.Reply(200, "true"));
        await using ScriptedServer server = ScriptedServer.Start(
            _ => $"HTTP/1.1 307 X\r\nLocation: {elsewhere.Endpoint}v1/txn\r\nContent-Length: 0\r\n\r\n");
        await using IConfigStore store = Open(server);

        await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Empty(elsewhere.Requests);
        Assert.Contains($"Authorization: Bearer {Token}\r\n", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.DoesNotContain(Token, server.Requests[0].Split("\r\n")[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Compression_is_not_asked_for_and_not_unpacked()
    {
        await using ScriptedServer server = ScriptedServer.Start(_ => ScriptedServer.Reply(200, "packed", more: "Content-Encoding: gzip\r\n"));
        await using IConfigStore store = Open(server);

        StoreException[] failures =
        [
            await Assert.ThrowsAsync<StoreException>(() => store.GetValueAsync("a", Stop).AsTask()),
            await Assert.ThrowsAsync<StoreException>(() => store.ListAsync("a", Stop).AsTask()),
            await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask()),
        ];

        Assert.All(failures, static failure => Assert.Equal(StoreError.ProtocolViolation, failure.Error));
        Assert.DoesNotContain(server.Requests, static request => request.Contains("Accept-Encoding", StringComparison.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task A_listing_with_foreign_keys_leaves_them_out()
    {
        using Conformance.CapturedLog log = new();
        string[] keys = ["p/", "p/a", "p/a/", "p/b//c", "p/c/../d", "p/e\\\\f", "q/outside", "p", "pq/x"];
        await using ScriptedServer server = ScriptedServer.Start(
            _ => ScriptedServer.Reply(200, "[" + string.Join(",", keys.Select(static key => ScriptedServer.Entry(key))) + "]"));
        await using IConfigStore store = ConsulStores.Open(server.Endpoint, configure: builder => builder.UseLoggerFactory(log));

        ConfigSnapshot listing = await store.ListAsync("p", Stop);

        Assert.Equal("p/a", Assert.Single(listing.Entries).Key);
        Assert.Single(log.Lines, static line => line.StartsWith("Warning KeysOutsidePrefix", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("[{\"Key\":\"p/a\",\"ModifyIndex\":7,\"CreateIndex\":5,\"Value\":\"dg==\"}")]
    [InlineData("[{\"Key\":\"p/a\",\"Modi")]
    [InlineData("[{\"Key\":\"p/a\",\"ModifyIndex\":7},{\"Key\":\"p/a\",\"ModifyIndex\":7}]")]
    [InlineData("{\"Key\":\"p/a\"}")]
    [InlineData("[1,2]")]
    public async Task A_listing_that_is_none_is_a_violation(string body)
    {
        await using ScriptedServer server = ScriptedServer.Start(_ => ScriptedServer.Reply(200, body));
        await using IConfigStore store = Open(server);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.ListAsync("p", Stop).AsTask());

        Assert.Equal(StoreError.ProtocolViolation, failure.Error);
    }

    [Theory]
    [InlineData("Content-Length: 1073741824")]
    [InlineData("Transfer-Encoding: chunked")]
    public async Task An_endless_listing_ends_at_the_cap(string framing)
    {
        byte[] space = Encoding.ASCII.GetBytes(framing.StartsWith('C') ? new string(' ', 65536) : "10000\r\n" + new string(' ', 65536) + "\r\n");
        await using ScriptedServer server = ScriptedServer.Start(async (_, stream, stop) =>
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Consul-Index: 7\r\n{framing}\r\n\r\n"), stop);
            while (true)
            {
                await stream.WriteAsync(space, stop);
            }
        });
        await using IConfigStore store = Open(server, "00:00:30");

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.ListAsync("p", Stop).AsTask());

        Assert.Equal(StoreError.ProtocolViolation, failure.Error);
    }

    [Fact]
    public async Task A_flood_of_headers_is_cut_off()
    {
        byte[] header = Encoding.ASCII.GetBytes($"X-Flood: {new string('x', 1000)}\r\n");
        await using ScriptedServer server = ScriptedServer.Start(async (_, stream, stop) =>
        {
            await stream.WriteAsync("HTTP/1.1 200 OK\r\n"u8.ToArray(), stop);
            while (true)
            {
                await stream.WriteAsync(header, stop);
            }
        });
        await using IConfigStore store = Open(server);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal(StoreError.ProtocolViolation, failure.Error);
    }

    [Fact]
    public async Task A_byte_at_a_time_does_not_reset_the_deadline()
    {
        await using ScriptedServer server = ScriptedServer.Start(async (_, stream, stop) =>
        {
            foreach (byte b in Encoding.ASCII.GetBytes(ScriptedServer.Reply(200, "[" + ScriptedServer.Entry("a") + "]")))
            {
                await stream.WriteAsync(new[] { b }, stop);
                await Task.Delay(50, stop);
            }
        });
        await using IConfigStore store = Open(server, "00:00:01");
        long start = Stopwatch.GetTimestamp();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal(StoreError.Unavailable, failure.Error);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.9, 2);
    }

    [Fact]
    public async Task The_excerpt_of_an_error_is_short_and_printable()
    {
        await using ScriptedServer server = ScriptedServer.Start(_ => ScriptedServer.Reply(400, "bad\r\n\u001b[31m" + new string('x', 100_000)));
        await using IConfigStore store = Open(server);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.InRange(failure.Message.Length, 1, 400);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    [Fact]
    public async Task Retry_after_is_honoured()
    {
        int asked = 0;
        await using ScriptedServer server = ScriptedServer.Start(_ => Interlocked.Increment(ref asked) == 1
            ? ScriptedServer.Reply(429, "slow down", more: "Retry-After: 1\r\n")
            : ScriptedServer.Reply(404, ""));
        await using IConfigStore store = Open(server);
        long start = Stopwatch.GetTimestamp();

        Assert.Null(await store.GetAsync("a", Stop));

        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0.9, 4);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("0")]
    [InlineData("abc")]
    [InlineData("3")]
    public async Task An_index_that_is_missing_zero_or_going_back_is_a_gap_and_no_hot_loop(string? index)
    {
        string body = "[" + ScriptedServer.Entry("p/a") + "]";
        await using ScriptedServer server = ScriptedServer.Start(request =>
            ScriptedServer.Reply(200, body, request.Contains("&index=", StringComparison.Ordinal) ? index : "7"));
        await using IConfigStore store = Open(server);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        List<WatchBatch> batches = [];

        await foreach (WatchBatch batch in store.WatchAsync("p", end.Token))
        {
            batches.Add(batch);
            if (batches.Count == 2)
            {
                break;
            }
        }

        Assert.Equal([WatchBatchKind.Snapshot, WatchBatchKind.Snapshot], batches.Select(static batch => batch.Kind));
        Assert.NotNull(batches[1].Reason);
        Assert.Empty(batches[1].Changes);
        Assert.InRange(server.Requests.Count, 2, 12);
    }

    private static IConfigStore Open(ScriptedServer server, string timeout = "00:00:05") => ConsulStores.Open(
        server.Endpoint,
        options =>
        {
            options.Token = Token;
            options.RequestTimeout = TimeSpan.Parse(timeout, System.Globalization.CultureInfo.InvariantCulture);
        });
}
