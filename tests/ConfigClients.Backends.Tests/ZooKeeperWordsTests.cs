using ConfigClients.Backends.ZooKeeper;

namespace ConfigClients.Backends.Tests;

public sealed class ZooKeeperWordsTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_word_is_answered()
    {
        ZooKeeperWords words = (await SharedZooKeeper.GetAsync()).Words;
        await using RawZooKeeperSession session = await RawZooKeeperSession.OpenAsync(await SharedZooKeeper.GetAsync());

        IReadOnlyDictionary<string, string> counters = await words.MntrAsync(Stop);

        Assert.Contains("Mode: standalone", await words.SrvrAsync(Stop));
        Assert.Contains("sid=0x", await words.ConsAsync(Stop));
        Assert.Contains("SessionTracker", await words.DumpAsync(Stop));
        Assert.Contains("Total watches:0", await words.WchsAsync(Stop));
        Assert.Equal("standalone", counters["zk_server_state"]);
    }

    [Fact]
    public async Task The_shared_server_is_one()
    {
        ZooKeeperBackend first = await SharedZooKeeper.GetAsync();
        ZooKeeperBackend second = await SharedZooKeeper.GetAsync();

        Assert.Same(first, second);
    }
}
