using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>Three servers, some of which die.</summary>
public sealed class ZooKeeperClusterTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact] // F6, F19
    public async Task When_the_server_in_use_dies_the_session_moves_with_its_nodes_and_watches()
    {
        await using ZooKeeperCluster cluster = await ZooKeeperCluster.StartAsync(cancellationToken: Stop);
        await using ZooKeeperClient client = ZooKeeperClients.Open(cluster.Nodes, static options =>
        {
            options.SessionTimeout = TimeSpan.FromSeconds(30);
            options.RequestTimeout = TimeSpan.FromSeconds(30);
        });
        await client.CreateAsync("/e", null, ZooKeeperCreateMode.Ephemeral, cancellationToken: Stop);
        ZooKeeperClientSession session = client.Session!;
        await using ZooKeeperSubscription watch = await client.SubscribeAsync("/", ZooKeeperWatchMode.Recursive, Stop);
        string before = client.Server!;
        long seen = client.LastZxid;

        await cluster.Nodes.Single(node => before.EndsWith($":{node.Port}", StringComparison.Ordinal)).KillAsync();
        await Eventually.HoldsAsync(() => client.Server is { } now && now != before, TimeSpan.FromSeconds(30));
        ZooKeeperStat moved = (await client.ExistsAsync("/e", Stop))!.Value;
        await client.CreateAsync("/after", null, cancellationToken: Stop);

        Assert.Equal((session, SessionState.Healthy), (client.Session, session.State));
        Assert.Equal(session.Id, moved.EphemeralOwner);
        Assert.True(client.LastZxid > seen);
        Assert.Equal(
            [ZooKeeperEventKind.Disconnected, ZooKeeperEventKind.Resync, ZooKeeperEventKind.Created],
            (await ZooKeeperChrootTests.ReadAsync(watch, 3)).Select(static happened => happened.Kind));
    }

    [Fact] // F5
    public async Task A_rolling_restart_under_load_loses_no_session_and_no_acknowledged_write()
    {
        await using ZooKeeperCluster cluster = await ZooKeeperCluster.StartAsync(cancellationToken: Stop);
        await using ZooKeeperClient client = ZooKeeperClients.Open(cluster.Nodes, static options =>
        {
            options.SessionTimeout = TimeSpan.FromSeconds(40);
            options.RequestTimeout = TimeSpan.FromSeconds(30);
        });
        ZooKeeperClientSession session = await client.ConnectAsync(Stop);
        using CancellationTokenSource end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        for (int i = 0; i < 8; i++)
        {
            // Before the first server goes: what is not awaited may be cut off with it.
            await client.CreateAsync($"/{i}", null, cancellationToken: Stop);
        }

        Task<int>[] writers = [.. Enumerable.Range(0, 8).Select(i => WriteAsync(client, $"/{i}", end.Token))];

        foreach (ZooKeeperBackend node in cluster.Nodes)
        {
            await node.StopAsync();
            await node.RestartAsync();
            await cluster.LeaderAsync(cancellationToken: Stop);
            await Eventually.ReadAsync(() => node.IsServingAsync(Stop), static serves => serves, TimeSpan.FromSeconds(30));
        }

        await end.CancelAsync();
        int[] acknowledged = await Task.WhenAll(writers);

        for (int i = 0; i < acknowledged.Length; i++)
        {
            int children = (await client.GetChildrenAsync($"/{i}", Stop))!.Names.Count;
            Assert.InRange(children, acknowledged[i], int.MaxValue);
            Assert.InRange(acknowledged[i], 1, int.MaxValue);
        }

        Assert.Same(session, client.Session);
    }

    [Fact] // F7
    public async Task Without_a_quorum_writes_fail_and_reads_go_on_where_a_read_only_server_will_do()
    {
        await using ZooKeeperCluster cluster = await ZooKeeperCluster.StartAsync(new ZooKeeperBackendOptions { ReadOnlyMode = true }, cancellationToken: Stop);
        await using ZooKeeperClient client = ZooKeeperClients.Open(cluster.Nodes, static options =>
        {
            options.AllowReadOnly = true;
            options.SessionTimeout = TimeSpan.FromSeconds(40);
            options.RequestTimeout = TimeSpan.FromSeconds(40);
        });
        await client.CreateAsync("/a", "v"u8.ToArray(), cancellationToken: Stop);
        await client.CreateAsync("/e", null, ZooKeeperCreateMode.Ephemeral, cancellationToken: Stop);
        ZooKeeperClientSession session = client.Session!;

        await cluster.Nodes[0].KillAsync();
        await cluster.Nodes[1].KillAsync();
        await Eventually.HoldsAsync(() => client.State == ZooKeeperState.ConnectedReadOnly, TimeSpan.FromSeconds(30));
        ZooKeeperNode read = (await client.GetDataAsync("/a", Stop))!.Value;
        ZooKeeperException write = await Assert.ThrowsAsync<ZooKeeperException>(() => client.SetDataAsync("/a", null, cancellationToken: Stop).AsTask());
        await cluster.Nodes[0].RestartAsync();
        await Eventually.HoldsAsync(() => client.State == ZooKeeperState.Connected, TimeSpan.FromSeconds(40));

        Assert.Equal("v", System.Text.Encoding.ASCII.GetString(read.Data.Span));
        Assert.Equal((ZooKeeperError.NotReadOnly, false), (write.Error, write.MayHaveApplied));
        Assert.Same(session, client.Session);
        Assert.Equal(session.Id, (await client.ExistsAsync("/e", Stop))!.Value.EphemeralOwner);
    }

    private static async Task<int> WriteAsync(ZooKeeperClient client, string path, CancellationToken end)
    {
        int acknowledged = 0;
        while (!end.IsCancellationRequested)
        {
            try
            {
                await client.CreateAsync(path + "/", null, ZooKeeperCreateMode.PersistentSequential, cancellationToken: Stop);
                acknowledged++;
            }
            catch (ZooKeeperException e) when (e.IsTransient)
            {
                // Unknown, or not applied; never counted.
            }
        }

        return acknowledged;
    }
}
