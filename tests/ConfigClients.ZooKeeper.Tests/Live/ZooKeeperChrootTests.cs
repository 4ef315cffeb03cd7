using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>A node that stands for the root.</summary>
public sealed class ZooKeeperChrootTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Everything_happens_below_it_and_nobody_can_tell()
    {
        (ZooKeeperClient outside, string root) = await ZooKeeperClients.OpenSharedAsync();
        await using ZooKeeperClient owned = outside;
        await using ZooKeeperClient inside = ZooKeeperClients.Open(await SharedZooKeeper.GetAsync(), options => options.Chroot = root);
        await using ZooKeeperSubscription watch = await inside.SubscribeAsync("/", ZooKeeperWatchMode.Recursive, Stop);

        ZooKeeperCreated created = await inside.CreateAsync("/s-", "v"u8.ToArray(), ZooKeeperCreateMode.EphemeralSequential, cancellationToken: Stop);
        ZooKeeperMultiResult multi = await inside.MultiAsync(new ZooKeeperMulti().SetData("/", "r"u8.ToArray()).Create("/m", null), Stop);
        IReadOnlyList<ZooKeeperEvent> events = await ReadAsync(watch, 3);

        Assert.Equal("/s-0000000000", created.Path);
        Assert.Equal((true, "/m"), (multi.Applied, multi.Results[1].Path));
        Assert.Equal(["/s-0000000000"], await inside.GetEphemeralsAsync("/", Stop));
        Assert.Equal(["m", "s-0000000000"], (await inside.GetChildrenAsync("/", Stop))!.Names.Order());
        Assert.Equal("r", System.Text.Encoding.ASCII.GetString((await outside.GetDataAsync(root, Stop))!.Value.Data.Span));
        Assert.NotNull(await outside.ExistsAsync(root + created.Path, Stop));
        Assert.Equal(
            [new ZooKeeperEvent(ZooKeeperEventKind.Created, "/s-0000000000"), new ZooKeeperEvent(ZooKeeperEventKind.DataChanged, "/"), new ZooKeeperEvent(ZooKeeperEventKind.Created, "/m")],
            events);
        Assert.NotEqual(0, await inside.SyncAsync(cancellationToken: Stop));
        Assert.Equal(["v"], (await inside.ReadManyAsync([ZooKeeperRead.Data(created.Path)], Stop)).Select(static read => System.Text.Encoding.ASCII.GetString(read.Node!.Value.Data.Span)));
    }

    [Fact]
    public async Task One_that_does_not_exist_is_an_empty_root()
    {
        await using ZooKeeperClient client = ZooKeeperClients.Open(await SharedZooKeeper.GetAsync(), static options => options.Chroot = "/none-such");

        Assert.Null(await client.GetChildrenAsync("/", Stop));
        Assert.Equal(ZooKeeperError.NoNode, (await Assert.ThrowsAsync<ZooKeeperException>(() => client.CreateAsync("/a", null, cancellationToken: Stop).AsTask())).Error);
    }

    internal static async Task<IReadOnlyList<ZooKeeperEvent>> ReadAsync(ZooKeeperSubscription watch, int count)
    {
        List<ZooKeeperEvent> events = [];
        while (events.Count < count)
        {
            events.AddRange(await watch.ReadAsync(Stop).AsTask().WaitAsync(TimeSpan.FromSeconds(10), Stop));
        }

        return events;
    }
}
