using ConfigClients.Conformance;
using Etcdserverpb;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>Whether a write may have been applied, however it fails; and that one that may is sent once.</summary>
public sealed class EtcdHostileWriteTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("HTML with 200", StoreError.ProtocolViolation)]
    [InlineData("HTML with 404", StoreError.ProtocolViolation)]
    [InlineData("HTML with 500", StoreError.ProtocolViolation)]
    [InlineData("HTML with 502", StoreError.Unavailable)]
    [InlineData("HTML with 503", StoreError.Unavailable)]
    [InlineData("JSON", StoreError.ProtocolViolation)]
    [InlineData("no content type", StoreError.ProtocolViolation)]
    [InlineData("garbage", StoreError.ProtocolViolation)]
    [InlineData("an empty message", StoreError.ProtocolViolation)]
    [InlineData("half a head", StoreError.ProtocolViolation)]
    [InlineData("a torn message", StoreError.ProtocolViolation)]
    [InlineData("two messages", StoreError.ProtocolViolation)]
    [InlineData("no message", StoreError.ProtocolViolation)]
    [InlineData("a message and no status", StoreError.Unavailable)]
    [InlineData("a message and a bad status", StoreError.Unavailable)]
    [InlineData("a status that is no number", StoreError.ProtocolViolation)]
    [InlineData("a message that says it is compressed", StoreError.ProtocolViolation)]
    [InlineData("a message with an unknown flag", StoreError.ProtocolViolation)]
    [InlineData("a message of 65 MiB", StoreError.TooLarge)]
    [InlineData("a message of 4 GiB", StoreError.ProtocolViolation)]
    [InlineData("a reset, ENHANCE_YOUR_CALM", StoreError.Unavailable)]
    [InlineData("a reset, CANCEL", StoreError.Unavailable)]
    [InlineData("a reset, INTERNAL_ERROR", StoreError.Unavailable)]
    [InlineData("a cut", StoreError.Unavailable)]
    [InlineData("silence", StoreError.Unavailable)]
    public async Task A_bad_answer_to_a_write_leaves_its_outcome_open_and_it_is_not_sent_again(string what, StoreError expected)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Txn", async call => await BadAnswers.GiveAsync(server, call, what, EtcdMessages.Done((await call.ReadAsync<TxnRequest>())!)));
        await using IConfigStore store = server.Open(what == "silence" ? TimeSpan.FromSeconds(1.5) : null);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((expected, true), (failure.Error, failure.MayHaveApplied));
        Assert.Equal(1, server.Count("Txn"));
    }

    [Theory]
    [InlineData(1, "context canceled", StoreError.Unavailable)]
    [InlineData(2, "who knows", StoreError.Unavailable)]
    [InlineData(4, "context deadline exceeded", StoreError.Unavailable)]
    [InlineData(13, "stream terminated by RST_STREAM with error code: NO_ERROR", StoreError.Unavailable)]
    [InlineData(14, "etcdserver: request timed out, possibly due to connection lost", StoreError.Unavailable)]
    [InlineData(14, "etcdserver: leader changed", StoreError.Unavailable)]
    [InlineData(14, "etcdserver: server stopped", StoreError.Unavailable)]
    [InlineData(15, "etcdserver: corrupt cluster", StoreError.Corrupt)]
    [InlineData(99, "", StoreError.Unavailable)]
    public async Task A_write_that_may_have_been_applied_is_sent_once(int status, string text, StoreError expected)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Txn", call => RefuseAsync(call, status, text));
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((expected, true), (failure.Error, failure.MayHaveApplied));
        Assert.Equal(1, server.Count("Txn"));
    }

    [Theory]
    [InlineData(3, "etcdserver: request is too large", StoreError.TooLarge)]
    [InlineData(3, "etcdserver: duplicate key given in txn request", StoreError.InvalidRequest)]
    [InlineData(5, "etcdserver: requested lease not found", StoreError.SessionEnded)]
    [InlineData(7, "etcdserver: permission denied", StoreError.Denied)]
    [InlineData(8, "etcdserver: mvcc: database space exceeded", StoreError.StoreFull)]
    [InlineData(8, "grpc: received message larger than max (3 vs. 2)", StoreError.TooLarge)]
    [InlineData(12, "unknown service etcdserverpb.KV", StoreError.Unsupported)]
    public async Task A_write_that_was_refused_for_good_is_sent_once(int status, string text, StoreError expected)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Txn", call => RefuseAsync(call, status, text));
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", cancellationToken: Stop).AsTask());

        Assert.Equal((expected, false), (failure.Error, failure.MayHaveApplied));
        Assert.Equal(1, server.Count("Txn"));
    }

    [Theory]
    [InlineData(8, "etcdserver: too many requests")]
    [InlineData(9, "etcdserver: not leader")]
    [InlineData(14, "etcdserver: no leader")]
    [InlineData(14, "etcdserver: rpc not supported for learner")]
    public async Task A_write_that_was_not_carried_out_is_sent_until_it_is(int status, string text)
    {
        int sent = 0;
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Txn", async call =>
        {
            TxnRequest asked = (await call.ReadAsync<TxnRequest>())!;
            await (Interlocked.Increment(ref sent) < 3 ? RefuseAsync(call, status, text) : call.AnswerAsync(EtcdMessages.Done(asked)));
        });
        await using IConfigStore store = server.Open();

        WriteResult result = await store.SetAsync("a", "v", cancellationToken: Stop);

        Assert.Equal((true, 8L, 3), (result.Applied, result.Revision.Number, sent));
    }

    [Fact]
    public async Task A_stream_that_http_2_says_was_not_looked_at_is_sent_again()
    {
        int sent = 0;
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Txn", async call =>
        {
            TxnRequest asked = (await call.ReadAsync<TxnRequest>())!;
            if (Interlocked.Increment(ref sent) == 1)
            {
                call.Reset(0x7);
                return;
            }

            await call.AnswerAsync(EtcdMessages.Done(asked));
        });
        await using IConfigStore store = server.Open();

        Assert.True((await store.SetAsync("a", "v", cancellationToken: Stop)).Applied);

        Assert.Equal(2, sent);
    }

    public static TheoryData<string, TxnResponse, bool> FalseAnswers => new()
    {
        { "no header", new TxnResponse { Succeeded = true, Responses = { new ResponseOp { ResponsePut = new PutResponse() } } }, true },
        { "no revision", new TxnResponse { Header = EtcdMessages.Header(0), Succeeded = true, Responses = { new ResponseOp { ResponsePut = new PutResponse() } } }, true },
        { "no put", new TxnResponse { Header = EtcdMessages.Header(8), Succeeded = true }, true },
        { "refused, without the states", new TxnResponse { Header = EtcdMessages.Header(8) }, false },
        { "refused, with something else", new TxnResponse { Header = EtcdMessages.Header(8), Responses = { new ResponseOp { ResponsePut = new PutResponse() } } }, false },
    };

    [Theory]
    [MemberData(nameof(FalseAnswers))]
    public async Task An_answer_that_proves_nothing_is_a_violation(string what, TxnResponse answer, bool mayHaveApplied)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<TxnRequest>("Txn", _ => answer);
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", Condition.Absent, cancellationToken: Stop).AsTask());

        Assert.True((failure.Error, failure.MayHaveApplied) == (StoreError.ProtocolViolation, mayHaveApplied), $"{what}: {failure.Message}");
        Assert.Equal(1, server.Count("Txn"));
    }

    [Fact]
    public async Task A_server_that_contradicts_itself_is_not_asked_for_ever()
    {
        // Refused, and yet every condition holds by what it tells.
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<TxnRequest>("Txn", static asked => EtcdMessages.Refused(asked.Failure.Select(static _ => (Mvccpb.KeyValue?)null)));
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.SetAsync("a", "v", Condition.Absent, cancellationToken: Stop).AsTask());

        Assert.False(failure.MayHaveApplied);
        Assert.Contains(failure.Error, new[] { StoreError.Throttled, StoreError.Unavailable });
    }

    [Fact]
    public async Task A_write_that_its_caller_gives_up_ends_at_once()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Txn", static call => call.HoldAsync());
        await using IConfigStore store = server.Open();
        using CancellationTokenSource end = new();
        Task<WriteResult> write = store.SetAsync("a", "v", cancellationToken: end.Token).AsTask();
        await Eventually.HoldsAsync(() => server.Count("Txn") == 1);

        await end.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => write);
        Assert.Equal(1, server.Count("Txn"));
    }

    private static async Task RefuseAsync(ScriptedCall call, int status, string text)
    {
        await Task.Yield();
        call.End(status, text);
    }
}
