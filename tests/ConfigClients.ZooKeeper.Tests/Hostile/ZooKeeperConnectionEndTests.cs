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
            ZooKeeperConnection connection = new(
                new ScriptedStream([], 1),
                bench.Pipeline,
                new ZooKeeperConnectionParts(bench.Outbox, bench.Watches, bench.Batching, bench.Progress, bench.Session, bench.Time, "", 4096));

            // The server's end is read on another thread meanwhile.
            connection.Start();
            Thread.SpinWait(i % 100 * 10);
            connection.Dispose();

            Exception reason = await connection.Ended.WaitAsync(Eventually.Deadline, TestContext.Current.CancellationToken);
            Assert.True(reason is EndOfStreamException or ZooKeeperException, reason.ToString());
        }
    }
}
