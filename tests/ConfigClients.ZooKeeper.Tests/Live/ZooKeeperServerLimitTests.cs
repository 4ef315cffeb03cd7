using ConfigClients.Backends.ZooKeeper;
using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>Servers that are set up in other ways, and what a client leaves behind.</summary>
public sealed class ZooKeeperServerLimitTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_server_that_takes_no_more_connections_is_named_as_a_possible_cause()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(new ZooKeeperBackendOptions { ExtraConfig = ["maxClientCnxns=1"] }, Stop);
        await using ZooKeeperClient first = ZooKeeperClients.Open(server);
        await first.ConnectAsync(Stop);
        await using ZooKeeperClient second = ZooKeeperClients.Open(server, static options => options.RequestTimeout = TimeSpan.FromSeconds(1));

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => second.GetDataAsync("/", Stop).AsTask());

        Assert.Equal((ZooKeeperError.ConnectionLoss, false), (failure.Error, failure.MayHaveApplied));
        Assert.Contains("maxClientCnxns", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nodes_with_a_time_to_live_are_made_where_the_server_allows_them()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(new ZooKeeperBackendOptions { ExtraConfig = ["extendedTypesEnabled=true"] }, Stop);
        await using ZooKeeperClient client = ZooKeeperClients.Open(server);
        ZooKeeperCreateOptions shortly = new() { TimeToLive = TimeSpan.FromMilliseconds(300) };

        ZooKeeperCreated node = await client.CreateAsync("/t", "v"u8.ToArray(), ZooKeeperCreateMode.PersistentWithTimeToLive, shortly, Stop);
        ZooKeeperMultiResult multi = await client.MultiAsync(new ZooKeeperMulti().Create("/s-", null, ZooKeeperCreateMode.PersistentSequentialWithTimeToLive, shortly), Stop);

        // When they go is the server's affair: it looks once a minute.
        Assert.Equal(("/t", 0), (node.Path, node.Stat.EphemeralOwner));
        Assert.Equal("/s-0000000001", multi.Results[0].Path);
        Assert.Equal(multi.Zxid, multi.Results[0].Stat!.Value.Czxid);
    }

    [Fact]
    public async Task Clients_that_come_and_go_leave_no_connection_no_session_and_no_node()
    {
        await using ZooKeeperBackend server = await ZooKeeperBackend.StartAsync(cancellationToken: Stop);
        await using ZooKeeperClient observer = ZooKeeperClients.Open(server);
        await observer.ConnectAsync(Stop);
        int before = await ConnectionsAsync(server);

        for (int i = 0; i < 40; i++)
        {
            await using ZooKeeperClient client = ZooKeeperClients.Open(server);
            await client.CreateAsync($"/{i}", null, ZooKeeperCreateMode.Ephemeral, cancellationToken: Stop);
            await client.SubscribeAsync("/", ZooKeeperWatchMode.Recursive, Stop);
        }

        Assert.Equal(["zookeeper"], (await observer.GetChildrenAsync("/", Stop))!.Names);
        await Eventually.ReadAsync(() => ConnectionsAsync(server), count => count <= before);
        Assert.Equal("0", (await server.Words.MntrAsync(Stop))["zk_watch_count"]);
    }

    private static async Task<int> ConnectionsAsync(ZooKeeperBackend server) =>
        int.Parse((await server.Words.MntrAsync(Stop))["zk_num_alive_connections"], System.Globalization.CultureInfo.InvariantCulture);
}
