namespace ConfigClients.ZooKeeper.Tests.Hostile;

/// <summary>F25: what comes twice, or in another order than it was asked for, is nobody's answer.</summary>
public sealed class ZooKeeperReplayTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F25
    public async Task An_answer_that_comes_twice_is_not_taken_for_the_next_one()
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            if (line.Number == 1)
            {
                int first = FakeLine.Xid(await line.ReadAsync());
                await line.AnswerAsync(first, body: FakeLine.Node(3));
                await line.ReadAsync();
                await line.AnswerAsync(first, body: FakeLine.Node(3));
                await line.SwallowAsync();
            }

            await line.AnswerAllAsync();
        });
        await using ZooKeeperClient client = server.Connect();
        ZooKeeperNode? before = await client.GetDataAsync("/a", Stop);

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/b", null, cancellationToken: Stop).AsTask());
        ZooKeeperNode? after = await client.GetDataAsync("/b", Stop);

        Assert.Equal((ZooKeeperError.ProtocolViolation, true), (failure.Error, failure.MayHaveApplied));
        Assert.Equal((3, false, 2), (before!.Value.Data.Length, after.HasValue, server.Accepted));
    }

    [Fact] // F25
    public async Task An_answer_that_comes_again_when_nothing_is_asked_ends_the_connection()
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            if (line.Number == 1)
            {
                int first = FakeLine.Xid(await line.ReadAsync());
                await line.AnswerAsync(first, body: FakeLine.Node(3));
                await line.AnswerAsync(first, body: FakeLine.Node(4));
                await line.SwallowAsync();
            }

            await line.AnswerAllAsync();
        });
        await using ZooKeeperClient client = server.Connect();
        await client.GetDataAsync("/a", Stop);

        await Conformance.Eventually.HoldsAsync(() => server.Accepted == 2);
        Assert.Null(await client.GetDataAsync("/a", Stop));
    }

    [Fact] // F25
    public async Task Answers_in_another_order_are_taken_by_nobody()
    {
        await using FakeServer server = FakeServer.Welcoming(async line =>
        {
            if (line.Number == 1)
            {
                int first = FakeLine.Xid(await line.ReadAsync());
                int second = FakeLine.Xid(await line.ReadAsync());
                await line.AnswerAsync(second, body: new byte[68]);
                await line.AnswerAsync(first, body: new byte[68]);
                await line.SwallowAsync();
            }

            await line.AnswerAllAsync();
        });
        await using ZooKeeperClient client = server.Connect();
        await client.ConnectAsync(Stop);
        Task[] writes = [client.SetDataAsync("/a", null, cancellationToken: Stop).AsTask(), client.SetDataAsync("/b", null, cancellationToken: Stop).AsTask()];

        foreach (Task write in writes)
        {
            ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => write);
            Assert.True(failure is { MayHaveApplied: true, Error: ZooKeeperError.ProtocolViolation or ZooKeeperError.ConnectionLoss }, $"{failure}");
        }

        Assert.Null(await client.GetDataAsync("/a", Stop));
    }
}
