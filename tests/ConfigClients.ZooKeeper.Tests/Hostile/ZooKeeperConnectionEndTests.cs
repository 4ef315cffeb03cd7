using System.Net;
using System.Net.Sockets;
using ConfigClients.Conformance;
using ConfigClients.ZooKeeper.Tests.Wire;
using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Hostile;

/// <summary>The end of a connection, which both sides and the clock may bring about at the same moment.</summary>
public sealed class ZooKeeperConnectionEndTests
{
    [Fact]
    public async Task A_connection_that_both_sides_end_at_once_is_over()
    {
        for (int i = 0; i < 3_000; i++)
        {
            using Bench bench = new();
            ZooKeeperConnection connection = Open(bench, new ScriptedStream([], 1));

            // The server's end is read on another thread meanwhile.
            connection.Start();
            Thread.SpinWait(i % 100 * 10);
            connection.Dispose();

            Exception reason = await connection.Ended.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
            Assert.True(reason is EndOfStreamException or ZooKeeperException, reason.ToString());
        }
    }

    [Fact]
    public async Task What_is_under_way_when_this_side_gives_a_connection_up_is_lost_but_the_client_is_not()
    {
        using Bench bench = new();
        using TcpListener listener = new(IPAddress.Loopback, 0);
        listener.Start();
        using TcpClient near = new();
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint, TestContext.Current.CancellationToken);
        using TcpClient far = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        ZooKeeperConnection connection = Open(bench, near.GetStream());
        bench.Outbox.Attach(connection);
        connection.Start();

        Task<ZooKeeperStat> set = bench.SubmitAsync(ZooKeeperSetRequest.Rent("/a", null, -1)).AsTask();
        await far.GetStream().ReadExactlyAsync(new byte[4], TestContext.Current.CancellationToken);
        connection.Dispose();

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => set.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken));
        Assert.Equal((ZooKeeperError.ConnectionLoss, true), (failure.Error, failure.MayHaveApplied));
    }

    private static ZooKeeperConnection Open(Bench bench, Stream stream) => new(
        stream,
        bench.Pipeline,
        new ZooKeeperConnectionParts(bench.Outbox, bench.Watches, bench.Batching, bench.Progress, bench.Session, bench.Time, "", 4096));
}
