using ConfigClients.ZooKeeper.Wire;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Which node counts a path's creations, and what is remembered of nodes.</summary>
public sealed class ZooKeeperShardsTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ZooKeeperShards _shards;

    public ZooKeeperShardsTests() => _shards = new ZooKeeperShards("/own", _time);

    [Theory]
    [InlineData("/a", "/own/31")]
    [InlineData("/a/b", "/own/21")]
    [InlineData("/shop/db/host", "/own/14")]
    public void A_path_has_the_same_count_in_every_process_and_version(string path, string count) => Assert.Equal(count, _shards.PathOf(path));

    [Fact]
    public void Paths_spread_over_all_sixty_four()
    {
        HashSet<string> used = [.. Enumerable.Range(0, 2000).Select(i => _shards.PathOf($"/shop/{i}"))];

        Assert.Equal(_shards.Paths.Order(StringComparer.Ordinal), used.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_was_remembered_is_known_with_when_until_all_is_forgotten()
    {
        long before = _time.GetTimestamp();
        _shards.Remember("/a", new ZooKeeperFact(7, 3, 12, IsLeaf: true, Owner: 5));
        _shards.Learn(_shards.PathOf("/a"), 12);
        _time.Advance(TimeSpan.FromSeconds(1));
        ZooKeeperFact known = _shards.Recall("/a");
        int epoch = _shards.EpochOf("/a");
        ZooKeeperFact other = _shards.Recall("/b");

        _shards.Forget();

        Assert.Equal((7, 3, 12, true, 5, before), (known.Mzxid, known.Version, known.Epoch, known.IsLeaf, known.Owner, known.SeenAt));
        Assert.Equal((12, -1), (epoch, _shards.EpochOf("/a")));
        Assert.Equal((default, default), (other, _shards.Recall("/a")));
    }
}
