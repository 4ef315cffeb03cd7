using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Watches are armed again by requests far below what a server refuses.</summary>
public sealed class ZooKeeperWatchChunkTests
{
    [Fact]
    public void Many_watches_make_several_requests_none_too_large_and_nothing_left_out()
    {
        (string Path, ZooKeeperWatchMode Mode)[] watches =
            [.. Enumerable.Range(0, 5000).Select(static i => ($"/é/{new string('x', i % 200)}{i}", i % 3 == 0 ? ZooKeeperWatchMode.Recursive : ZooKeeperWatchMode.Node))];

        List<ZooKeeperWatchChunk> chunks = [.. ZooKeeperWatchChunk.Split(watches, "/app")];

        Assert.True(chunks.Count > 3);
        Assert.All(chunks, static chunk => Assert.InRange(Bytes(chunk), 1, ZooKeeperWatchChunk.MaxBytes));
        Assert.Equal(Paths(watches, ZooKeeperWatchMode.Node), chunks.SelectMany(static chunk => chunk.Nodes));
        Assert.Equal(Paths(watches, ZooKeeperWatchMode.Recursive), chunks.SelectMany(static chunk => chunk.Recursive));
    }

    [Fact]
    public void A_path_too_long_for_any_gets_a_request_of_its_own()
    {
        string path = "/" + new string('x', ZooKeeperWatchChunk.MaxBytes);

        List<ZooKeeperWatchChunk> chunks = [.. ZooKeeperWatchChunk.Split([("/a", ZooKeeperWatchMode.Node), (path, ZooKeeperWatchMode.Node), ("/b", ZooKeeperWatchMode.Node)], "")];

        Assert.Equal([["/a"], [path], ["/b"]], chunks.Select(static chunk => chunk.Nodes));
    }

    [Fact]
    public void No_watches_make_no_request() => Assert.Empty(ZooKeeperWatchChunk.Split([], "/app"));

    private static IEnumerable<string> Paths(IEnumerable<(string Path, ZooKeeperWatchMode Mode)> watches, ZooKeeperWatchMode mode) =>
        watches.Where(watch => watch.Mode == mode).Select(static watch => watch.Path);

    private static int Bytes(ZooKeeperWatchChunk chunk)
    {
        using Bench bench = new("/app");
        bench.Pipeline.Submit(ZooKeeperControlRequest.SetWatches(1, chunk, "/app"));
        return bench.Sent().Length;
    }
}
