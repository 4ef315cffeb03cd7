using ConfigClients.Conformance;
using Etcdserverpb;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Tokens that are refused, forged or not needed; and that user, password and token stay where they belong.</summary>
public sealed class EtcdHostileAuthTests : IDisposable
{
    private const string Password = "canary-password";

    private readonly CapturedLog _log = new();
    private int _tokens;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(16, "etcdserver: invalid auth token")]
    [InlineData(3, "etcdserver: invalid auth token")]
    [InlineData(3, "etcdserver: revision of auth store is old")]
    [InlineData(3, "etcdserver: user name is empty")]
    public async Task A_write_whose_token_is_refused_is_sent_once_more_with_a_new_one(int status, string text)
    {
        List<string?> tokens = [];
        await using ScriptedEtcd server = await StartAsync();
        server.On("Txn", async call =>
        {
            TxnRequest asked = (await call.ReadAsync<TxnRequest>())!;
            tokens.Add(call.Token);
            if (tokens.Count == 1)
            {
                call.End(status, text);
                return;
            }

            await call.AnswerAsync(EtcdMessages.Done(asked));
        });
        await using IConfigStore store = Open(server);

        Assert.True((await store.SetAsync("a", "v", cancellationToken: Stop)).Applied);

        Assert.Equal(["token-1", "token-2"], tokens);
        Assert.Equal(2, server.Count("Authenticate"));
    }

    [Fact]
    public async Task A_token_that_is_always_refused_is_denied_after_one_repeat()
    {
        await using ScriptedEtcd server = await StartAsync();
        server.On("Txn", static call => EndAsync(call, 16, "etcdserver: invalid auth token"));
        await using IConfigStore store = Open(server);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((StoreError.Denied, false), (failure.Error, failure.MayHaveApplied));
        Assert.Equal((2, 2), (server.Count("Txn"), server.Count("Authenticate")));
        AssertSecret(failure);
    }

    [Fact]
    public async Task Calls_that_are_refused_together_fetch_one_token()
    {
        int refused = 0;
        TaskCompletionSource all = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedEtcd server = await StartAsync();
        server.On("Txn", async call =>
        {
            TxnRequest asked = (await call.ReadAsync<TxnRequest>())!;
            if (call.Token == "token-2")
            {
                await call.AnswerAsync(EtcdMessages.Done(asked));
                return;
            }

            if (Interlocked.Increment(ref refused) == 20)
            {
                all.SetResult();
            }

            await call.HoldAsync(all.Task);
            call.End(16, "etcdserver: invalid auth token");
        });
        await using IConfigStore store = Open(server);

        WriteResult[] results = await Task.WhenAll(Enumerable.Range(0, 20).Select(i => store.SetAsync($"a/{i}", "v", cancellationToken: Stop).AsTask()));

        Assert.All(results, static result => Assert.True(result.Applied));
        Assert.Equal((40, 2), (server.Count("Txn"), server.Count("Authenticate")));
    }

    [Fact]
    public async Task A_wrong_password_is_denied_and_nothing_else_is_sent()
    {
        await using ScriptedEtcd server = await StartAsync();
        server.On("Authenticate", static call => EndAsync(call, 3, "etcdserver: authentication failed, invalid user ID or password"));
        await using IConfigStore store = Open(server);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((StoreError.Denied, false), (failure.Error, failure.MayHaveApplied));
        Assert.Equal((0, 1), (server.Count("Txn"), server.Count("Authenticate")));
        AssertSecret(failure);
    }

    [Theory]
    [InlineData("silence", StoreError.Unavailable)]
    [InlineData("a cut", StoreError.Unavailable)]
    [InlineData("HTML with 200", StoreError.ProtocolViolation)]
    [InlineData("garbage", StoreError.ProtocolViolation)]
    [InlineData("an empty message", StoreError.ProtocolViolation)]
    public async Task A_token_that_does_not_come_is_a_typed_error(string what, StoreError expected)
    {
        await using ScriptedEtcd server = await StartAsync();
        server.On("Authenticate", call => BadAnswers.GiveAsync(server, call, what, new AuthenticateResponse { Token = "t" }));
        await using IConfigStore store = Open(server, expected == StoreError.Unavailable ? ScriptedStores.Impatient : null);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal((expected, 0), (failure.Error, server.Count("Range")));
        AssertSecret(failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("two\r\nx-evil: lines")]
    [InlineData("not\u00E9ascii")]
    [InlineData("a\0zero")]
    [InlineData(null)]
    public async Task A_token_that_is_no_header_is_a_violation(string? token)
    {
        await using ScriptedEtcd server = await StartAsync();
        server.On<AuthenticateRequest>("Authenticate", _ => new AuthenticateResponse { Header = EtcdMessages.Header(7), Token = token ?? new string('t', 100_000) });
        await using IConfigStore store = Open(server);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((StoreError.ProtocolViolation, false, 0), (failure.Error, failure.MayHaveApplied, server.Count("Txn")));
        AssertSecret(failure);
    }

    [Fact]
    public async Task A_server_without_users_is_called_without_a_token_until_it_asks_for_one()
    {
        bool isOn = false;
        List<string?> tokens = [];
        await using ScriptedEtcd server = await StartAsync();
        server.On("Authenticate", call => isOn
            ? call.AnswerAsync(new AuthenticateResponse { Header = EtcdMessages.Header(7), Token = "token" })
            : EndAsync(call, 9, "etcdserver: authentication is not enabled"));
        server.On("Range", async call =>
        {
            tokens.Add(call.Token);
            await (isOn && call.Token is null ? EndAsync(call, 3, "etcdserver: user name is empty") : call.AnswerAsync(EtcdMessages.Rows(7)));
        });
        await using IConfigStore store = Open(server);

        await store.GetAsync("a", Stop);
        await store.GetAsync("a", Stop);
        isOn = true;
        await store.GetAsync("a", Stop);

        Assert.Equal([null, null, null, "token"], tokens);
        Assert.Single(_log.Lines, static line => line.Contains("authentication switched off", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_watch_whose_token_is_refused_goes_to_a_new_stream_with_a_new_one()
    {
        List<(string? Token, long Start)> asked = [];
        await using ScriptedEtcd server = await StartAsync();
        server.On("Watch", async call =>
        {
            WatchCreateRequest request = await call.ReadWatchAsync();
            asked.Add((call.Token, request.StartRevision));
            if (asked.Count == 1)
            {
                WatchResponse refusal = EtcdMessages.Cancelled(-1, "rpc error: code = Unauthenticated desc = etcdserver: invalid auth token");
                refusal.Created = true;
                await call.SendAsync(refusal);
            }
            else
            {
                await call.SendAsync(EtcdMessages.Created(request.WatchId));
            }

            await call.HoldAsync();
        });
        await using IConfigStore store = Open(server);

        await using WatchRecorder watch = await WatchRecorder.StartAsync(store, "p");

        Assert.Equal([("token-1", 0L), ("token-2", 0L)], asked);
    }

    public void Dispose() => _log.Dispose();

    private static async Task EndAsync(ScriptedCall call, int status, string text)
    {
        await Task.Yield();
        call.End(status, text);
    }

    private async Task<ScriptedEtcd> StartAsync()
    {
        ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        return server.On<AuthenticateRequest>("Authenticate", asked =>
        {
            Assert.Equal(("root", Password), (asked.Name, asked.Password));
            return new AuthenticateResponse { Header = EtcdMessages.Header(7), Token = $"token-{Interlocked.Increment(ref _tokens)}" };
        });
    }

    private IConfigStore Open(ScriptedEtcd server, TimeSpan? timeout = null) => server.Open(
        timeout,
        static options =>
        {
            options.User = "root";
            options.Password = Password;
        },
        builder => builder.UseLoggerFactory(_log));

    private void AssertSecret(StoreException failure)
    {
        Assert.DoesNotContain(Password, failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("token-", failure.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain(_log.Lines, static line => line.Contains(Password, StringComparison.Ordinal) || line.Contains("token-", StringComparison.Ordinal));
    }
}
