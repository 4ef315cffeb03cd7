using System.Diagnostics;
using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests.Hostile;

/// <summary>What a broken or hostile server must not be able to do.</summary>
public sealed class ZooKeeperHostileServerTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> BadAnswers => new()
    {
        { "length -1", "ffffffff" },
        { "length 0", "00000000" },
        { "length 15", "0000000f" },
        { "length 2147483647", "7fffffff" },
        { "length 4 MiB + 1, of nothing that was asked", "00400001 00000063 0000000000000005 00000000" },
        { "another number", "00000010 00000063 0000000000000005 00000000" },
        { "a number that was never sent", "00000010 7fffffff 0000000000000005 00000000" },
        { "an answer to a ping that was never sent", "00000010 fffffffe 0000000000000005 00000000" },
        { "no body", "00000010 00000001 0000000000000005 00000000" },
        { "a body cut off", "0000001a 00000001 0000000000000005 00000000 00000064 000000000000" },
        { "data longer than the frame", "00000014 00000001 0000000000000005 00000000 7fffffff" },
        { "data of length -2", "00000014 00000001 0000000000000005 00000000 fffffffe" },
        { "an event cut off", "00000014 ffffffff ffffffffffffffff 00000000 00000003" },
        { "HTTP", "485454502f312e3120343030204261642052657175657374" },
    };

    [Theory]
    [MemberData(nameof(BadAnswers))]
    public async Task A_bad_answer_ends_the_connection_and_says_so(string what, string bytes)
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            await line.ReadAsync();
            await line.Stream.WriteAsync(Wire.Hex.Bytes(bytes), Stop);
            await line.SwallowAsync();
        });
        await using ZooKeeperClient client = server.Connect();
        await client.ConnectAsync(Stop);
        long before = GC.GetTotalMemory(forceFullCollection: false);

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/a", null, cancellationToken: Stop).AsTask());

        Assert.True(failure is { Error: ZooKeeperError.ProtocolViolation, MayHaveApplied: true }, $"{what}: {failure}");
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: false) - before, long.MinValue, 8 * 1024 * 1024);
    }

    [Fact]
    public async Task After_a_bad_answer_the_next_connection_serves()
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            if (line.Number == 1)
            {
                await line.ReadAsync();
                await line.WriteAsync(new byte[3]);
            }

            await line.AnswerAllAsync();
        });
        await using ZooKeeperClient client = server.Connect();
        await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/a", Stop).AsTask());

        Assert.Null(await client.GetDataAsync("/a", Stop));
    }

    [Fact]
    public async Task A_transaction_number_that_goes_back_is_a_violation()
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            await line.AnswerAsync(FakeLine.Xid(await line.ReadAsync()), zxid: 100, error: -101);
            await line.AnswerAsync(FakeLine.Xid(await line.ReadAsync()), zxid: 99, error: -101);
            await line.SwallowAsync();
        });
        await using ZooKeeperClient client = server.Connect();
        await client.GetDataAsync("/a", Stop);

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/a", Stop).AsTask());

        Assert.Equal((ZooKeeperError.ProtocolViolation, 100), (failure.Error, client.LastZxid));
    }

    [Theory]
    [InlineData("a multi with too few results", "00000002 00 00000000 ffffffff 01 ffffffff")]
    [InlineData("a multi with too many results", "00000002 00 00000000 00000002 00 00000000 00000002 00 00000000 ffffffff 01 ffffffff")]
    [InlineData("a result of another kind", "00000002 00 00000000 00000004 00 00000000 ffffffff 01 ffffffff")]
    [InlineData("a multi without an end", "00000002 00 00000000 00000002 00 00000000")]
    public async Task A_multi_whose_answer_does_not_fit_may_have_applied(string what, string body)
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            await line.AnswerAsync(FakeLine.Xid(await line.ReadAsync()), body: Wire.Hex.Bytes(body));
            await line.SwallowAsync();
        });
        await using ZooKeeperClient client = server.Connect();
        ZooKeeperMulti multi = new ZooKeeperMulti().Delete("/a").Delete("/b");

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.MultiAsync(multi, Stop).AsTask());

        Assert.True(failure is { Error: ZooKeeperError.ProtocolViolation, MayHaveApplied: true }, $"{what}: {failure}");
    }

    [Fact]
    public async Task An_unknown_error_code_is_an_error_and_not_the_end()
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            await line.AnswerAsync(FakeLine.Xid(await line.ReadAsync()), error: -999);
            await line.AnswerAllAsync();
        });
        await using ZooKeeperClient client = server.Connect();

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/a", Stop).AsTask());
        await client.GetDataAsync("/a", Stop);

        Assert.Equal(-999, (int)failure.Error);
        Assert.Contains("-999", failure.Message, StringComparison.Ordinal);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_list_of_ten_megabytes_costs_that_call_and_nothing_else()
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            byte[] list = new byte[10 * 1024 * 1024];
            await line.AnswerAsync(FakeLine.Xid(await line.ReadAsync()), body: list);
            await line.AnswerAllAsync();
        });
        await using ZooKeeperClient client = server.Connect();

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetChildrenAsync("/large", Stop).AsTask());

        Assert.Equal((ZooKeeperError.ResponseTooLarge, "/large"), (failure.Error, failure.Path));
        Assert.Null(await client.GetDataAsync("/a", Stop));
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task Gets_whose_common_answer_is_too_large_are_read_alone()
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            while (true)
            {
                byte[] request = await line.ReadAsync();
                byte[] body = FakeLine.Kind(request) == 22 ? new byte[5 * 1024 * 1024] : FakeLine.Node(10);
                await line.AnswerAsync(FakeLine.Xid(request), body: body);
            }
        });
        await using ZooKeeperClient client = server.Connect();
        await client.ConnectAsync(Stop);

        ZooKeeperNode?[] nodes = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => client.GetDataAsync($"/{i}", Stop).AsTask()));

        Assert.All(nodes, static node => Assert.Equal(10, node!.Value.Data.Length));
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_server_that_does_not_know_the_common_request_is_asked_one_by_one()
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            while (true)
            {
                byte[] request = await line.ReadAsync();
                if (FakeLine.Kind(request) == 22)
                {
                    // As servers before 3.6: an error, and the end of the connection.
                    await line.AnswerAsync(FakeLine.Xid(request), zxid: -1, error: -6);
                    return;
                }

                await line.AnswerAsync(FakeLine.Xid(request), body: FakeLine.Kind(request) == 4 ? FakeLine.Node(3) : null, error: FakeLine.Kind(request) == 4 ? 0 : -101);
            }
        });
        await using ZooKeeperClient client = server.Connect(static options => options.RequestTimeout = TimeSpan.FromSeconds(10));
        await client.ConnectAsync(Stop);

        ZooKeeperReadResult[] results = [.. await client.ReadManyAsync([ZooKeeperRead.Data("/a"), ZooKeeperRead.Children("/b")], Stop)];
        ZooKeeperNode?[] nodes = await Task.WhenAll(Enumerable.Range(0, 64).Select(i => client.GetDataAsync($"/{i}", Stop).AsTask()));

        Assert.Equal([ZooKeeperError.None, ZooKeeperError.NoNode], results.Select(static result => result.Error));
        Assert.All(nodes, static node => Assert.Equal(3, node!.Value.Data.Length));
        Assert.Equal(2, server.Accepted);
    }

    [Fact]
    public async Task A_connection_that_ends_within_an_answer_is_lost()
    {
        for (int bytes = 1; bytes < 40; bytes += 6)
        {
            await using FakeServer server = FakeServer.Welcoming(async line =>
            {
                await line.ReadAsync();
                await line.Stream.WriteAsync(Wire.Hex.Bytes("00000054 00000001 0000000000000005 00000000").AsMemory(0, Math.Min(bytes, 20)), Stop);
                await line.Stream.WriteAsync(new byte[Math.Max(bytes - 20, 0)], Stop);
            });
            await using ZooKeeperClient client = server.Connect();

            ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/a", null, cancellationToken: Stop).AsTask());

            Assert.Equal((ZooKeeperError.ConnectionLoss, true), (failure.Error, failure.MayHaveApplied));
        }
    }

    [Fact]
    public async Task A_byte_at_a_time_does_not_keep_a_connection_alive()
    {
        await using FakeServer server = FakeServer.Welcoming(
            async line =>
            {
                await line.ReadAsync();
                await line.Stream.WriteAsync(FakeLine.Int(1000), Stop);
                while (true)
                {
                    await line.Stream.WriteAsync(new byte[] { 0 }, Stop);
                    await Task.Delay(200, line.Stop);
                }
            },
            timeoutMs: 1500);
        await using ZooKeeperClient client = server.Connect(static options => options.RequestTimeout = TimeSpan.FromSeconds(30));
        await client.ConnectAsync(Stop);
        long start = Stopwatch.GetTimestamp();

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/a", null, cancellationToken: Stop).AsTask());

        Assert.Equal((ZooKeeperError.ConnectionLoss, true), (failure.Error, failure.MayHaveApplied));
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
    }

    [Fact]
    public async Task Events_alone_do_not_keep_a_connection_alive()
    {
        await using FakeServer server = FakeServer.Welcoming(
            async line =>
            {
                while (true)
                {
                    await line.WriteAsync(Wire.Hex.Bytes("ffffffff ffffffffffffffff 00000000 00000003 00000003 00000002 2f67"));
                    await Task.Delay(100, line.Stop);
                }
            },
            timeoutMs: 1200);
        await using ZooKeeperClient client = server.Connect(static options => options.RequestTimeout = TimeSpan.FromSeconds(30));
        await client.ConnectAsync(Stop);

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/a", Stop).AsTask());

        Assert.Equal((ZooKeeperError.ConnectionLoss, false), (failure.Error, failure.MayHaveApplied));
    }

    [Fact]
    public async Task Events_of_unknown_kinds_and_foreign_paths_are_nothing()
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            await line.WriteAsync(Wire.Hex.Bytes("ffffffff ffffffffffffffff 00000000 00000063 00000003 00000002 2f67"));
            await line.WriteAsync(Wire.Hex.Bytes("ffffffff ffffffffffffffff 00000000 ffffffff ffffff90 ffffffff"));
            await line.WriteAsync(Wire.Hex.Bytes("ffffffff ffffffffffffffff 00000000 00000003 00000003 00000002 2f67"));
            await line.AnswerAllAsync();
        });
        await using ZooKeeperClient client = server.Connect(static options => options.Chroot = "/app");

        Assert.Null(await client.GetDataAsync("/a", Stop));
    }

    [Fact]
    public async Task A_silent_server_is_left_for_another_one()
    {
        await using FakeServer silent = FakeServer.Start(static line => line.SwallowAsync());
        await using FakeServer good = FakeServer.Welcoming(static line => line.AnswerAllAsync());
        for (int i = 0; i < 4; i++)
        {
            ZooKeeperClientOptions options = ZooKeeperClientOptions.Parse($"{silent.Address},{good.Address}");
            options.ConnectTimeout = TimeSpan.FromMilliseconds(300);
            await using ZooKeeperClient client = new(options);

            Assert.Null(await client.GetDataAsync("/a", Stop));
        }
    }

    [Fact]
    public async Task A_server_that_accepts_and_closes_is_not_hammered()
    {
        await using FakeServer server = FakeServer.Start(static _ => Task.CompletedTask);
        await using ZooKeeperClient client = server.Connect(static options => options.RequestTimeout = TimeSpan.FromSeconds(3));

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/a", Stop).AsTask());

        Assert.Equal((ZooKeeperError.ConnectionLoss, false), (failure.Error, failure.MayHaveApplied));
        Assert.Contains("maxClientCnxns", failure.Message, StringComparison.Ordinal);
        Assert.InRange(server.Accepted, 3, 10);
    }

    [Fact]
    public async Task A_connection_that_breaks_at_once_each_time_is_not_hammered_either()
    {
        await using FakeServer server = FakeServer.Welcoming(static async line => await line.ReadAsync());
        await using ZooKeeperClient client = server.Connect(static options => options.RequestTimeout = TimeSpan.FromSeconds(10));
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        end.CancelAfter(TimeSpan.FromSeconds(3));
        while (!end.IsCancellationRequested)
        {
            await Record.ExceptionAsync(() => client.GetDataAsync("/a", end.Token).AsTask());
        }

        Assert.InRange(server.Accepted, 3, 12);
    }

    [Fact]
    public async Task A_request_that_is_never_answered_ends_at_its_time_out_and_its_late_answer_confuses_nobody()
    {
        TaskCompletionSource release = new();
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            int late = FakeLine.Xid(await line.ReadAsync());
            await release.Task;
            await line.AnswerAsync(late, body: new byte[68]);
            await line.AnswerAllAsync();
        });
        await using ZooKeeperClient client = server.Connect(static options => options.RequestTimeout = TimeSpan.FromMilliseconds(400));

        ZooKeeperException write = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/a", null, cancellationToken: Stop).AsTask());
        ZooKeeperException read = await Assert.ThrowsAsync<ZooKeeperException>(() => client.GetDataAsync("/a", Stop).AsTask());
        release.SetResult();
        ZooKeeperNode? next = await client.GetDataAsync("/b", Stop);

        Assert.Equal((ZooKeeperError.RequestTimeout, true), (write.Error, write.MayHaveApplied));
        Assert.Equal((ZooKeeperError.RequestTimeout, false), (read.Error, read.MayHaveApplied));
        Assert.Null(next);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task A_write_is_never_sent_twice()
    {
        int writes = 0;
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            while (true)
            {
                if (FakeLine.Kind(await line.ReadAsync()) == 5)
                {
                    Interlocked.Increment(ref writes);
                    return;
                }
            }
        });
        await using ZooKeeperClient client = server.Connect();

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/a", null, cancellationToken: Stop).AsTask());
        await Eventually.HoldsAsync(() => server.Accepted > 2);

        Assert.True(failure.MayHaveApplied);
        Assert.Equal(1, writes);
    }
}
