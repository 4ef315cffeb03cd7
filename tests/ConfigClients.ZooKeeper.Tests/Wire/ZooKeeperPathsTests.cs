using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>What a path is.</summary>
public sealed class ZooKeeperPathsTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/a")]
    [InlineData("/a/b c/é/...")]
    [InlineData("/.hidden/..a")]
    public void These_are_paths(string path) => ZooKeeperPaths.Check(path);

    [Theory]
    [InlineData("")]
    [InlineData("a")]
    [InlineData("/a/")]
    [InlineData("//")]
    [InlineData("//a")]
    [InlineData("/a//b")]
    [InlineData("/.")]
    [InlineData("/a/..")]
    [InlineData("/a/./b")]
    [InlineData("/a\0b")]
    [InlineData("/a\u001f")]
    [InlineData("/a\u007f")]
    [InlineData("/a\ue000")]
    [InlineData("/a\ufff0")]
    [InlineData("/a\ud83d\ude00")]
    public void These_are_none(string path)
    {
        ArgumentException failure = Assert.Throws<ArgumentException>(() => ZooKeeperPaths.Check(path));

        Assert.DoesNotContain("\u001f", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/t/", true)]
    [InlineData("/", true)]
    [InlineData("//", false)]
    public void A_name_that_the_server_completes_may_be_missing(string path, bool isPath) =>
        Assert.Equal(isPath, Record.Exception(() => ZooKeeperPaths.Check(path, mayEndWithSlash: true)) is null);

    [Theory]
    [InlineData("", "/a", "/a")]
    [InlineData("/app", "/app", "/")]
    [InlineData("/app", "/app/a", "/a")]
    [InlineData("/app", "/application", null)]
    [InlineData("/app", "/other", null)]
    public void A_chroot_ends_at_a_segment(string chroot, string path, string? stripped) => Assert.Equal(stripped, ZooKeeperPaths.Strip(chroot, path));

    [Theory]
    [InlineData("/a/b", "/a")]
    [InlineData("/a", "/")]
    [InlineData("/", "")]
    public void Every_path_but_the_root_has_a_parent(string path, string parent) => Assert.Equal(parent, ZooKeeperPaths.Parent(path).ToString());
}
