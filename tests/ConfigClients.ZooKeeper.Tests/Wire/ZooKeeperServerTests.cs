using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>How servers are named.</summary>
public sealed class ZooKeeperServerTests
{
    [Theory]
    [InlineData("a", "a", 2181)]
    [InlineData("a.example.com:1", "a.example.com", 1)]
    [InlineData("127.0.0.1:65535", "127.0.0.1", 65535)]
    [InlineData("[::1]:2182", "::1", 2182)]
    [InlineData("[::1]", "::1", 2181)]
    public void These_are_servers(string text, string host, int port) => Assert.Equal(new ZooKeeperServer(host, port), ZooKeeperServer.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData(":2181")]
    [InlineData("a:0")]
    [InlineData("a:65536")]
    [InlineData("a:-1")]
    [InlineData("a:b")]
    [InlineData("::1")]
    [InlineData("[a]:1")]
    [InlineData("zk://a")]
    [InlineData("user:canary@a:2181")]
    [InlineData("a/b")]
    public void These_are_none_and_are_not_repeated(string text)
    {
        FormatException failure = Assert.Throws<FormatException>(() => ZooKeeperServer.Parse(text));

        Assert.DoesNotContain("canary", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("localhost", true)]
    [InlineData("127.0.0.9:1", true)]
    [InlineData("[::1]", true)]
    [InlineData("10.0.0.1", false)]
    [InlineData("a", false)]
    public void Only_this_machine_is_this_machine(string text, bool isLoopback) => Assert.Equal(isLoopback, ZooKeeperServer.Parse(text).IsLoopback);
}
