using System.Text;
using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>F20: a session has moved to another member of its ensemble, and what was sent to the first one arrives only then.</summary>
public sealed class ZooKeeperSessionMovedTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory] // F20
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_arrives_late_at_the_server_that_a_session_has_left_changes_nothing(bool isBackAgain)
    {
        await using ZooKeeperCluster cluster = await ZooKeeperCluster.StartAsync(cancellationToken: Stop);
        await using FaultProxy old = FaultProxy.Start(cluster.Nodes[0].Endpoint);

        // Another member, or the same one over another connection.
        await using FaultProxy next = FaultProxy.Start(cluster.Nodes[isBackAgain ? 0 : 1].Endpoint);
        next.Refuse();
        await using ZooKeeperClient direct = ZooKeeperClients.Open(cluster.Nodes[2]);
        await using ZooKeeperClient client = ZooKeeperClients.Open(old, options =>
        {
            options.Servers.Add($"127.0.0.1:{next.Port}");
            options.SessionTimeout = TimeSpan.FromSeconds(10);
            options.RequestTimeout = TimeSpan.FromSeconds(30);
        });
        await client.CreateAsync("/a", Bytes("early"), ZooKeeperCreateMode.Ephemeral, cancellationToken: Stop);
        ZooKeeperClientSession session = client.Session!;

        long sent = old.ToServer.Bytes;
        old.ToServer.Hold();
        Task<ZooKeeperStat> late = client.SetDataAsync("/a", Bytes("late"), cancellationToken: Stop).AsTask();
        old.Refuse();
        next.Listen();
        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => late);
        await client.CreateAsync("/b", Bytes("moved"), cancellationToken: Stop);
        (int connections, long held) = (old.OpenConnections, old.ToServer.Bytes);

        old.ToServer.Release();
        await Eventually.HoldsAsync(() => old.OpenConnections == 0);
        long arrived = old.ToServer.Bytes - held;

        // Which connection the servers close for it depends on who leads them: the old one always, the new one sometimes.
        await Eventually.ReadAsync(
            () => Record.ExceptionAsync(() => client.SetDataAsync("/b", Bytes("after"), cancellationToken: Stop).AsTask()).AsTask(),
            static failure => failure is null,
            TimeSpan.FromSeconds(20));
        await direct.SyncAsync("/a", Stop);
        ZooKeeperNode after = (await direct.GetDataAsync("/a", Stop))!.Value;

        Assert.Equal((ZooKeeperError.ConnectionLoss, true), (failure.Error, failure.MayHaveApplied));
        Assert.Equal((1, sent), (connections, held));
        Assert.True(arrived > "/a".Length + "late".Length, $"{arrived} bytes came late.");
        Assert.Equal(("early", 0, session.Id), (Encoding.UTF8.GetString(after.Data.Span), after.Stat.Version, after.Stat.EphemeralOwner));
        Assert.Equal((session, SessionState.Healthy), (client.Session, session.State));
    }

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
