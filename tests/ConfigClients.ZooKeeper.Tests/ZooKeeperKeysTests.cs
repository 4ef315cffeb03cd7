using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests;

/// <summary>Where keys lie, and that they cannot lie elsewhere.</summary>
public sealed class ZooKeeperKeysTests
{
    public static TheoryData<string, string> Spellings => new()
    {
        { "a", "a" },
        { "a/b c", "a/b c" },
        { "a%2Fb", "a%2Fb" },
        { "a?x#y", "a?x#y" },
        { "a=b", "a=b" },
        { "..a/...", "..a/..." },
        { "é", "é" },
        { "=a", "==3Da" },
        { "=", "==3D" },
        { "=!v", "==3D!v" },
        { "=!cc/00", "==3D!cc/00" },
        { "😀", "==F0=9F=98=80" },
        { "x/a\uE000b", "x/=a=EE=80=80b" },
        { "\uFFFD", "==EF=BF=BD" },
        { "a/😀/b", "a/==F0=9F=98=80/b" },
        { "a/zookeeper", "a/zookeeper" },
        { "zookeepers", "zookeepers" },
    };

    [Theory]
    [MemberData(nameof(Spellings))]
    public void A_key_lies_under_its_own_name_or_an_escaped_one_and_comes_back(string key, string spelled)
    {
        foreach (string root in new[] { "", "root", "a/b" })
        {
            ZooKeeperKeys keys = new(root);

            string path = keys.Path(key);

            ZooKeeperPaths.Check(path);
            Assert.Equal((root.Length == 0 ? "/" + spelled : $"/{root}/{spelled}", key), (path, keys.Key(path)));
        }
    }

    [Theory]
    [InlineData("", "zookeeper/config", "/==7Aookeeper/config")]
    [InlineData("", "zookeeper", "/==7Aookeeper")]
    [InlineData("root", "zookeeper/config", "/root/zookeeper/config")]
    [InlineData("zookeeper", "a", "/==7Aookeeper/a")]
    public void What_ZooKeeper_keeps_for_itself_is_never_touched(string root, string key, string expected)
    {
        ZooKeeperKeys keys = new(root);

        Assert.Equal((expected, key), (keys.Path(key), keys.Key(keys.Path(key))));
        Assert.Null(new ZooKeeperKeys("").Key("/zookeeper/config"));
    }

    [Theory]
    [InlineData("/root")]
    [InlineData("/root/")]
    [InlineData("/rootless/a")]
    [InlineData("/elsewhere/a")]
    [InlineData("/root//a")]
    [InlineData("/root/a/")]
    [InlineData("/root/=!cc")]
    [InlineData("/root/=!cc/00")]
    [InlineData("/root/a/=!v")]
    [InlineData("/root/=")]
    [InlineData("/root/=a")]
    [InlineData("/root/==61")]
    [InlineData("/root/==3d")]
    [InlineData("/root/==3")]
    [InlineData("/root/=a=FF")]
    [InlineData("/root/==C0=AF")]
    [InlineData("/root/==2F")]
    [InlineData("/root/==00")]
    [InlineData("/root/a\\b")]
    [InlineData("/root/e\u0301")]
    public void A_node_that_is_no_key_of_the_store_is_none(string path) => Assert.Null(new ZooKeeperKeys("root").Key(path));

    [Theory]
    [InlineData(256, 1)]
    [InlineData(1, 33)]
    [InlineData(200, 6)]
    public void A_name_that_is_too_long_or_too_deep_is_none(int length, int depth) =>
        Assert.Null(new ZooKeeperKeys("").Key("/" + string.Join('/', Enumerable.Repeat(new string('a', length), depth))));

    [Theory]
    [InlineData("", "", "/")]
    [InlineData("", "app", "/app")]
    [InlineData("root", "", "/root")]
    [InlineData("root", "app/=x", "/root/app/==3Dx")]
    public void A_prefix_is_the_node_that_its_keys_lie_below(string root, string prefix, string expected) =>
        Assert.Equal(expected, new ZooKeeperKeys(root).Below(prefix));

    [Theory]
    [InlineData("", "a/b/c", "/a /a/b")]
    [InlineData("a", "b/c", "/a/b")]
    [InlineData("a/b", "c", "")]
    public void Between_the_prefix_and_a_key_lie_its_own_parents_only(string root, string key, string expected)
    {
        ZooKeeperKeys keys = new(root);

        Assert.Equal(expected, string.Join(' ', keys.Between(keys.Path(key))));
    }

    [Fact]
    public void The_nodes_above_a_node_come_from_the_top()
    {
        Assert.Equal(["/a", "/a/b"], ZooKeeperKeys.Ancestors("/a/b/c"));
        Assert.Empty(ZooKeeperKeys.Ancestors("/a"));
        Assert.Equal(("/a/b", "/", "/"), (ZooKeeperKeys.Parent("/a/b/c"), ZooKeeperKeys.Parent("/a"), ZooKeeperKeys.Parent("/")));
    }
}
