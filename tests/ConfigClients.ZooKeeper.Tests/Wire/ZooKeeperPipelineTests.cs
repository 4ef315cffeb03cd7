using System.Buffers.Binary;
using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>What goes out when, and what becomes of those who wait.</summary>
public sealed class ZooKeeperPipelineTests
{
    private const int GetData = 4;
    private const int SetData = 5;
    private const int Exists = 3;
    private const int MultiRead = 22;

    [Fact]
    public void A_get_goes_alone_when_nothing_is_under_way()
    {
        using Bench bench = new();

        bench.Submit(ZooKeeperGetRequest.Rent("/a"));

        Assert.Equal([GetData], Kinds(bench));
    }

    [Fact]
    public void Gets_beyond_the_second_request_wait_and_go_together_once_one_is_answered()
    {
        using Bench bench = new();
        bench.Submit(ZooKeeperGetRequest.Rent("/a"));
        List<int> first = Kinds(bench);
        bench.Submit(ZooKeeperGetRequest.Rent("/b"));
        List<int> second = Kinds(bench);

        bench.Submit(ZooKeeperGetRequest.Rent("/c"));
        bench.Submit(ZooKeeperGetRequest.Rent("/d"));
        List<int> third = Kinds(bench);
        bench.Answer(Error(1, ZooKeeperError.NoNode));
        List<int> fourth = Kinds(bench);

        Assert.Equal([GetData], first);
        Assert.Equal([GetData], second);
        Assert.Empty(third);
        Assert.Equal([MultiRead], fourth);
    }

    [Fact]
    public void A_write_behind_waiting_gets_pushes_them_out_so_the_order_stays_the_callers()
    {
        using Bench bench = new();
        bench.Submit(ZooKeeperGetRequest.Rent("/a"));
        Kinds(bench);
        bench.Submit(ZooKeeperGetRequest.Rent("/b"));
        Kinds(bench);
        bench.Submit(ZooKeeperGetRequest.Rent("/c"));
        bench.Submit(ZooKeeperGetRequest.Rent("/d"));

        bench.Submit(ZooKeeperSetRequest.Rent("/c", null, -1));
        bench.Submit(ZooKeeperGetRequest.Rent("/c"));

        Assert.Equal([MultiRead, SetData], Kinds(bench));
    }

    [Fact]
    public void Requests_other_than_gets_never_wait_for_one_another()
    {
        using Bench bench = new();
        for (int i = 0; i < 2000; i++)
        {
            bench.Submit(ZooKeeperExistsRequest.Rent("/a"));
        }

        Assert.Equal(Enumerable.Repeat(Exists, 2000), Kinds(bench));
    }

    [Fact]
    public void Without_coalescing_every_get_goes_at_once()
    {
        using Bench bench = new();
        bench.Batching.TurnOff();
        for (int i = 0; i < 10; i++)
        {
            bench.Submit(ZooKeeperGetRequest.Rent("/a"));
        }

        Assert.Equal(Enumerable.Repeat(GetData, 10), Kinds(bench));
    }

    [Fact]
    public void Long_paths_never_make_a_batch_that_is_too_large()
    {
        using Bench bench = new();
        string path = "/" + new string('é', 30_000);
        for (int i = 0; i < 32; i++)
        {
            bench.Submit(ZooKeeperGetRequest.Rent(path));
        }

        Assert.All(bench.SentFrames(), static frame => Assert.InRange(frame.Length, 1, ZooKeeperWriter.MaxFrameBytes));
    }

    [Fact]
    public async Task Gets_of_a_batch_that_a_server_does_not_know_are_sent_one_by_one()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperNode?> first = bench.SubmitAsync(ZooKeeperGetRequest.Rent("/a"));
        ValueTask<ZooKeeperNode?> second = bench.SubmitAsync(ZooKeeperGetRequest.Rent("/b"));
        bench.SentFrames();
        ZooKeeperReadBatch batch = Assert.IsType<ZooKeeperReadBatch>(bench.Pipeline.TakeAnswered(1));

        bench.Batching.ServerIsTooOld();
        bench.Pipeline.SendAgain(batch, alone: false);
        List<int> again = Kinds(bench);
        bench.Answer(Error(2, ZooKeeperError.NoNode));
        bench.Answer(Error(3, ZooKeeperError.NoNode));

        Assert.Equal([GetData, GetData], again);
        Assert.Null(await first);
        Assert.Null(await second);
    }

    [Fact]
    public async Task A_check_alone_is_never_sent()
    {
        using Bench bench = new();
        ValueTask<long> check = bench.SubmitAsync(new ZooKeeperControlRequest(ZooKeeperOpCode.Check, 0, static writer => writer.WriteString("/a")));

        Assert.Empty(bench.SentFrames());
        Assert.Equal(ZooKeeperError.NotSupported, (await Assert.ThrowsAsync<ZooKeeperException>(() => check.AsTask())).Error);
    }

    [Fact]
    public async Task A_request_that_is_too_large_is_refused_here_and_the_next_one_goes()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperStat> fits = bench.SubmitAsync(ZooKeeperSetRequest.Rent("/t", new byte[1_048_553], -1));
        ValueTask<ZooKeeperStat> larger = bench.SubmitAsync(ZooKeeperSetRequest.Rent("/t", new byte[1_048_554], -1));
        bench.Submit(ZooKeeperExistsRequest.Rent("/t"));

        int largest = bench.SentFrames()[0].Length;
        List<int> rest = Kinds(bench);

        Assert.Equal((ZooKeeperWriter.MaxFrameBytes, false), (largest, fits.IsCompleted));
        Assert.Equal([Exists], rest);
        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => larger.AsTask());
        Assert.Equal((ZooKeeperError.RequestTooLarge, false), (failure.Error, failure.MayHaveApplied));
    }

    [Fact]
    public async Task What_a_caller_handed_in_and_cannot_be_written_costs_only_that_call()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperStat> broken = bench.SubmitAsync(new ZooKeeperSetAclRequest([null!], -1) { Path = "/a" });
        bench.Submit(ZooKeeperExistsRequest.Rent("/a"));

        Assert.Equal([Exists], Kinds(bench));
        await Assert.ThrowsAsync<NullReferenceException>(() => broken.AsTask());
    }

    [Fact]
    public async Task A_request_cancelled_before_it_was_sent_never_is()
    {
        using Bench bench = new();
        using CancellationTokenSource cancel = new();
        ValueTask<ZooKeeperStat> set = bench.Outbox.SubmitAsync(ZooKeeperSetRequest.Rent("/a", null, -1), cancel.Token);

        await cancel.CancelAsync();

        Assert.Empty(bench.SentFrames());
        await Assert.ThrowsAsync<ZooKeeperUnsentException>(() => set.AsTask());
    }

    [Fact]
    public async Task A_request_cancelled_after_it_was_sent_keeps_its_place_in_the_order_of_answers()
    {
        using Bench bench = new();
        using CancellationTokenSource cancel = new();
        ValueTask<ZooKeeperStat?> cancelled = bench.Outbox.SubmitAsync(ZooKeeperExistsRequest.Rent("/a"), cancel.Token);
        ValueTask<ZooKeeperStat?> next = bench.SubmitAsync(ZooKeeperExistsRequest.Rent("/b"));
        bench.SentFrames();

        await cancel.CancelAsync();
        await Assert.ThrowsAsync<OperationCanceledException>(() => cancelled.AsTask());
        bench.Answer(Error(1, ZooKeeperError.SystemError));
        bench.Answer(Error(2, ZooKeeperError.NoNode));

        Assert.Null(await next);
    }

    [Fact]
    public async Task A_token_cancelled_from_the_start_sends_nothing()
    {
        using Bench bench = new();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => bench.Outbox.SubmitAsync(ZooKeeperExistsRequest.Rent("/a"), new CancellationToken(canceled: true)).AsTask());

        Assert.Empty(bench.SentFrames());
    }

    [Fact]
    public async Task What_a_lost_connection_leaves_behind_depends_on_what_was_sent()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperStat?> read = bench.SubmitAsync(ZooKeeperExistsRequest.Rent("/a"));
        ValueTask<ZooKeeperStat> write = bench.SubmitAsync(ZooKeeperSetRequest.Rent("/a", null, -1));
        bench.SentFrames();
        ValueTask<ZooKeeperStat> unsent = bench.SubmitAsync(ZooKeeperSetRequest.Rent("/b", null, -1));

        bench.Pipeline.Close(new IOException("gone"));
        ZooKeeperException readFailure = await Assert.ThrowsAsync<ZooKeeperException>(() => read.AsTask());
        ZooKeeperException writeFailure = await Assert.ThrowsAsync<ZooKeeperException>(() => write.AsTask());

        Assert.Equal((ZooKeeperError.ConnectionLoss, false), (readFailure.Error, readFailure.MayHaveApplied));
        Assert.Equal((ZooKeeperError.ConnectionLoss, true), (writeFailure.Error, writeFailure.MayHaveApplied));
        Assert.False(unsent.IsCompleted);
        Assert.Equal("/b", bench.Outbox.Waiting.Head!.Path);
    }

    [Fact]
    public async Task A_write_bound_to_another_session_is_not_sent()
    {
        using Bench bench = new();
        ZooKeeperSetRequest request = ZooKeeperSetRequest.Rent("/a", null, -1);
        request.Session = bench.NewSession();
        ValueTask<ZooKeeperStat> set = bench.SubmitAsync(request);

        Assert.Empty(bench.SentFrames());
        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => set.AsTask());
        Assert.Equal((ZooKeeperError.SessionExpired, false), (failure.Error, failure.MayHaveApplied));
    }

    [Fact]
    public async Task A_write_bound_to_a_session_that_is_over_by_our_clock_is_not_sent_although_the_connection_stands()
    {
        using Bench bench = new(sessionSeconds: 10);
        ZooKeeperSetRequest request = ZooKeeperSetRequest.Rent("/a", null, -1);
        request.Session = bench.Session;
        ValueTask<ZooKeeperStat> set = bench.SubmitAsync(request);

        bench.Time.Advance(TimeSpan.FromSeconds(9.6));

        Assert.Empty(bench.SentFrames());
        Assert.Equal(ZooKeeperError.SessionExpired, (await Assert.ThrowsAsync<ZooKeeperException>(() => set.AsTask())).Error);
    }

    [Fact]
    public async Task A_read_only_server_is_not_asked_to_write()
    {
        using Bench bench = new(open: false);
        bench.Pipeline.Open(isReadOnly: true);
        ValueTask<ZooKeeperStat> write = bench.SubmitAsync(ZooKeeperSetRequest.Rent("/a", null, -1));
        bench.Submit(ZooKeeperExistsRequest.Rent("/a"));

        Assert.Equal([Exists], Kinds(bench));
        Assert.Equal(ZooKeeperError.NotReadOnly, (await Assert.ThrowsAsync<ZooKeeperException>(() => write.AsTask())).Error);
    }

    [Fact]
    public void Nothing_of_the_callers_goes_out_before_the_connection_is_prepared()
    {
        using Bench bench = new(open: false);
        bench.Submit(ZooKeeperExistsRequest.Rent("/a"));
        bench.Pipeline.Submit(ZooKeeperControlRequest.Ping());

        Assert.Equal([11], Kinds(bench));
        bench.Pipeline.Open(isReadOnly: false);
        Assert.Equal([Exists], Kinds(bench));
    }

    [Fact]
    public async Task Requests_end_at_their_time_out_sent_or_not()
    {
        using Bench bench = new(requestTimeout: TimeSpan.FromSeconds(5));
        ValueTask<ZooKeeperStat> unsent = bench.SubmitAsync(ZooKeeperSetRequest.Rent("/a", null, -1));
        bench.Time.Advance(TimeSpan.FromSeconds(3));
        ValueTask<ZooKeeperStat> later = bench.SubmitAsync(ZooKeeperSetRequest.Rent("/b", null, -1));

        bench.Time.Advance(TimeSpan.FromSeconds(2.5));
        bool laterWaits = !later.IsCompleted;
        bench.Time.Advance(TimeSpan.FromSeconds(3));

        Assert.True(laterWaits);
        foreach (ValueTask<ZooKeeperStat> outcome in new[] { unsent, later })
        {
            ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => outcome.AsTask());
            Assert.Equal((ZooKeeperError.ConnectionLoss, false), (failure.Error, failure.MayHaveApplied));
        }

        Assert.Empty(bench.SentFrames());
    }

    [Theory]
    [InlineData(2)]
    [InlineData(0)]
    [InlineData(-7)]
    public void An_answer_that_is_not_due_is_a_violation(int xid)
    {
        using Bench bench = new();
        bench.Submit(ZooKeeperExistsRequest.Rent("/a"));
        bench.SentFrames();

        Assert.Equal(ZooKeeperError.ProtocolViolation, Assert.Throws<ZooKeeperException>(() => bench.Pipeline.TakeAnswered(xid)).Error);
    }

    [Fact]
    public void Pings_auths_and_watches_are_answered_past_the_line()
    {
        using Bench bench = new();
        bench.Submit(ZooKeeperExistsRequest.Rent("/a"));
        bench.Pipeline.Submit(ZooKeeperControlRequest.Ping());
        bench.Pipeline.Submit(ZooKeeperControlRequest.Auth(new ZooKeeperCredential("digest", "a:b"u8)));
        bench.SentFrames();

        Assert.Equal(ZooKeeperOpCode.Auth, bench.Pipeline.TakeAnswered(ZooKeeperXid.Auth).OpCode);
        Assert.Equal(ZooKeeperOpCode.Ping, bench.Pipeline.TakeAnswered(ZooKeeperXid.Ping).OpCode);
        Assert.Equal(ZooKeeperOpCode.Exists, bench.Pipeline.TakeAnswered(1).OpCode);
    }

    [Fact]
    public void Numbers_wrap_to_one() => Assert.Equal([2, 1], [ZooKeeperXid.Next(1), ZooKeeperXid.Next(int.MaxValue)]);

    [Fact]
    public async Task An_outcome_that_was_taken_serves_the_next_request_without_a_trace()
    {
        using Bench bench = new();
        for (int i = 1; i <= 50; i++)
        {
            using CancellationTokenSource cancel = new();
            ValueTask<ZooKeeperNode?> get = bench.Outbox.SubmitAsync(ZooKeeperGetRequest.Rent("/a"), cancel.Token);
            bench.SentFrames();
            bench.Answer(Error(i, ZooKeeperError.NoNode));
            Assert.Null(await get);

            // Too late: whoever has the request now must not feel it.
            await cancel.CancelAsync();
        }
    }

    internal static byte[] Error(int xid, ZooKeeperError error)
    {
        byte[] frame = new byte[16];
        BinaryPrimitives.WriteInt32BigEndian(frame, xid);
        BinaryPrimitives.WriteInt64BigEndian(frame.AsSpan(4), 0x44);
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(12), (int)error);
        return frame;
    }

    private static List<int> Kinds(Bench bench)
    {
        List<int> kinds = [];
        while (bench.SentFrames() is { Count: > 0 } frames)
        {
            kinds.AddRange(frames.Select(static frame => BinaryPrimitives.ReadInt32BigEndian(frame.AsSpan(4))));
        }

        return kinds;
    }
}
