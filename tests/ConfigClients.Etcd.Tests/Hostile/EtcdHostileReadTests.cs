using ConfigClients.Conformance;
using Etcdserverpb;
using Mvccpb;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>What a broken or hostile server can answer to a read: each is a typed error, and none passes for the value of the key.</summary>
public sealed class EtcdHostileReadTests
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
    public async Task A_bad_answer_to_a_read_is_a_typed_error(string what, StoreError expected)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", call => BadAnswers.GiveAsync(server, call, what, EtcdMessages.Rows(7, EtcdMessages.Row("a"))));
        await using IConfigStore store = server.Open(expected == StoreError.Unavailable ? ScriptedStores.Impatient : null);

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal((expected, false), (failure.Error, failure.MayHaveApplied));
        Assert.NotEqual(0, server.Count("Range"));
    }

    public static TheoryData<string, RangeResponse> FalseAnswers => new()
    {
        { "another key", EtcdMessages.Rows(7, EtcdMessages.Row("other")) },
        { "a longer key", EtcdMessages.Rows(7, EtcdMessages.Row("a/b")) },
        { "more keys", EtcdMessages.Rows(7, EtcdMessages.Row("a"), EtcdMessages.Row("b")) },
        { "no name", EtcdMessages.Rows(7, new KeyValue { ModRevision = 7, CreateRevision = 7 }) },
        { "no revision", EtcdMessages.Rows(7, EtcdMessages.Row("a", revision: 0)) },
        { "a revision below zero", EtcdMessages.Rows(7, EtcdMessages.Row("a", revision: -7)) },
        { "no header", new RangeResponse { Kvs = { EtcdMessages.Row("a") } } },
    };

    [Theory]
    [MemberData(nameof(FalseAnswers))]
    public async Task An_answer_to_something_else_is_a_violation(string what, RangeResponse answer)
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On<RangeRequest>("Range", _ => answer);
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.True(failure.Error == StoreError.ProtocolViolation, what);
        Assert.Equal(1, server.Count("Range"));
    }

    [Theory]
    [InlineData("fewer")]
    [InlineData("others")]
    [InlineData("puts")]
    public async Task A_shared_read_that_is_answered_by_something_else_is_a_violation(string what)
    {
        TaskCompletionSource go = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", async call =>
        {
            RangeRequest asked = (await call.ReadAsync<RangeRequest>())!;
            await call.HoldAsync(go.Task);
            await call.AnswerAsync(EtcdMessages.Rows(7, EtcdMessages.Row(asked.Key.ToStringUtf8())));
        }).On<TxnRequest>("Txn", asked =>
        {
            TxnResponse answer = EtcdMessages.Done(asked);
            ResponseOp put = new() { ResponsePut = new PutResponse() };
            ResponseOp other = new() { ResponseRange = EtcdMessages.Rows(7, EtcdMessages.Row("other")) };
            answer.Responses.Clear();
            answer.Responses.AddRange(what switch { "fewer" => [other], "others" => [other, other], _ => [put, put] });
            return answer;
        });
        await using IConfigStore store = server.Open();

        // Two go alone, at once; the rest share the next request.
        Task<ConfigEntry?>[] alone = [store.GetAsync("a", Stop).AsTask(), store.GetAsync("b", Stop).AsTask()];
        Task<ConfigEntry?>[] shared = [store.GetAsync("c", Stop).AsTask(), store.GetAsync("d", Stop).AsTask()];
        go.SetResult();
        await Task.WhenAll(alone);

        foreach (Task<ConfigEntry?> read in shared)
        {
            Assert.Equal(StoreError.ProtocolViolation, (await Assert.ThrowsAsync<StoreException>(() => read)).Error);
        }
    }

    [Fact]
    public async Task What_the_server_cancelled_or_gave_up_is_read_again()
    {
        int asked = 0;
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", async call =>
        {
            switch (Interlocked.Increment(ref asked))
            {
                case 1:
                    call.End(1, "context canceled");
                    break;
                case 2:
                    call.End(4, "context deadline exceeded");
                    break;
                default:
                    await call.AnswerAsync(EtcdMessages.Rows(7, EtcdMessages.Row("a")));
                    break;
            }
        });
        await using IConfigStore store = server.Open();

        Assert.Equal("v", await store.GetStringAsync("a", cancellationToken: Stop));

        Assert.Equal(3, server.Count("Range"));
    }

    [Fact]
    public async Task The_callers_own_cancellation_stays_its_own()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", static call => call.HoldAsync());
        await using IConfigStore store = server.Open();
        using CancellationTokenSource end = new();
        Task<ConfigEntry?> read = store.GetAsync("a", end.Token).AsTask();
        await Eventually.HoldsAsync(() => server.Count("Range") == 1);

        await end.CancelAsync();

        OperationCanceledException cancelled = await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        Assert.Equal(end.Token, cancelled.CancellationToken);
    }

    [Fact]
    public async Task A_member_that_is_silent_costs_a_read_a_part_of_its_time()
    {
        await using ScriptedEtcd silent = await ScriptedEtcd.StartAsync();
        await using ScriptedEtcd well = await ScriptedEtcd.StartAsync();
        silent.On("Range", static call => call.HoldAsync()).On("Status", static call => call.HoldAsync());
        well.On<RangeRequest>("Range", _ => EtcdMessages.Rows(7, EtcdMessages.Row("a")));
        await using IConfigStore store = EtcdStores.Open([silent.Endpoint, well.Endpoint], static options => options.RequestTimeout = TimeSpan.FromSeconds(5));

        for (int i = 0; i < 2; i++)
        {
            Assert.Equal("v", await store.GetStringAsync("a", cancellationToken: Stop));
        }

        Assert.InRange(silent.Count("Range"), 1, 2);
    }

    [Fact]
    public async Task The_text_of_an_error_is_short_and_printable()
    {
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", async call =>
        {
            await Task.Yield();
            call.End(3, "bad\r\n\u001b[31m" + new string('x', 10_000));
        });
        await using IConfigStore store = server.Open();

        StoreException failure = await Assert.ThrowsAsync<StoreException>(() => store.GetAsync("a", Stop).AsTask());

        Assert.Equal(StoreError.InvalidRequest, failure.Error);
        Assert.InRange(failure.Message.Length, 1, 400);
        Assert.DoesNotContain(failure.Message, char.IsControl);
    }

    [Fact]
    public async Task Every_call_and_every_stream_asks_for_a_leader()
    {
        string call = "";
        string stream = "";
        await using ScriptedEtcd server = await ScriptedEtcd.StartAsync();
        server.On("Range", read =>
        {
            call = read.Header("hasleader");
            return read.AnswerAsync(EtcdMessages.Rows(7));
        });
        server.On("Watch", async watch =>
        {
            stream = watch.Header("hasleader");
            await watch.AcceptWatchAsync();
            await watch.HoldAsync();
        });
        await using IConfigStore store = server.Open();

        await using WatchRecorder recorder = await WatchRecorder.StartAsync(store, "p");

        Assert.Equal(("true", "true"), (call, stream));
    }
}
