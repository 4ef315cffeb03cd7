using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>What a commit reads, what it judges by it, and what it has the server check: without a server.</summary>
public sealed class ZooKeeperCommitRulesTests
{
    private readonly ZooKeeperKeys _keys = new("root");
    private readonly ZooKeeperShards _shards = new("/root/=!cc", TimeProvider.System);
    private readonly Dictionary<string, ZooKeeperNode> _tree = new(StringComparer.Ordinal);

    private ZooKeeperCommit Commit => new(_keys, _shards, ZooKeeperAcl.Open);

    [Fact]
    public void Counts_are_read_before_the_nodes_that_they_vouch_for()
    {
        ZooKeeperCommit commit = Commit;
        for (int i = 0; i < 20; i++)
        {
            commit.Require($"a/{i}", Condition.Exists);
            commit.Write($"b{i}/{string.Join('/', Enumerable.Range(0, 31))}", new byte[1], null);
        }

        List<string> needs = [.. commit.Needs()];

        // More than one request can hold; of those, an earlier one is answered from an earlier state.
        Assert.InRange(needs.Count, 501, 2000);
        Assert.True(needs.FindLastIndex(IsCount) < needs.FindIndex(static path => !IsCount(path)), "A node is read before its count.");
        Assert.Equal(needs.Count, needs.Distinct().Count());
    }

    [Fact]
    public void Nothing_at_or_above_the_prefix_is_read()
    {
        ZooKeeperCommit commit = Commit;
        commit.Write("a/b", new byte[1], null);

        Assert.Equal(["/root/a", "/root/a/b", "/root/a/b/=!v"], commit.Needs().Where(static path => !IsCount(path)).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(ConditionKind.Exists)]
    [InlineData(ConditionKind.Absent)]
    [InlineData(ConditionKind.UnchangedSince)]
    public void A_condition_is_checked_along_with_the_count_also_where_nothing_was_counted_yet(ConditionKind kind)
    {
        if (kind != ConditionKind.Absent)
        {
            Put("/root/a", mzxid: 7, version: 3);
        }

        ZooKeeperCommit commit = Commit;
        commit.Require("a", kind switch
        {
            ConditionKind.Exists => Condition.Exists,
            ConditionKind.Absent => Condition.Absent,
            _ => Condition.UnchangedSince(new Revision(7)),
        });
        commit.Write("b", new byte[1], null);

        ZooKeeperOp[] uncounted = Build(commit);
        Put(_shards.PathOf("/root/a"), version: 12);
        ZooKeeperOp[] counted = Build(commit);

        Assert.Equal(0, Assert.Single(uncounted, IsCheckOf(_shards.PathOf("/root/a"))).Version);
        Assert.Equal(12, Assert.Single(counted, IsCheckOf(_shards.PathOf("/root/a"))).Version);
        Assert.Equal(kind == ConditionKind.Absent ? [] : [3], counted.Where(op => IsCheckOf("/root/a")(op)).Select(static op => op.Version));
    }

    [Fact]
    public void A_key_that_is_deleted_as_it_stands_needs_no_count()
    {
        Put("/root/a", mzxid: 7, version: 3);
        ZooKeeperCommit commit = Commit;
        commit.Require("a", Condition.Exists);
        commit.Write("a", null, null);

        ZooKeeperOp[] multi = Build(commit);

        Assert.Equal([(ZooKeeperOpCode.Check, 3), (ZooKeeperOpCode.Delete, 3)], multi.Select(static op => (op.OpCode, op.Version)));
    }

    [Theory]
    [InlineData(6, 0)]
    [InlineData(8, 0)]
    [InlineData(7, 1)]
    public void Another_revision_is_refused_without_asking_the_server_again(long number, long token)
    {
        Put("/root/a", mzxid: 7, version: 3);
        ZooKeeperCommit commit = Commit;
        commit.Require("a", Condition.UnchangedSince(new Revision(number, token)));
        commit.Write("a", new byte[1], null);

        IReadOnlyList<string> needs = commit.Needs();

        Assert.Null(commit.Build(needs, Read(needs), out WriteResult result));
        Assert.Equal(WriteResult.Refused("a"), result);
    }

    [Fact]
    public void Every_creation_is_counted_parents_included_and_parents_come_first()
    {
        ZooKeeperCommit commit = Commit;
        commit.Write("a/b", new byte[1], null);
        commit.Write("a", new byte[1], null);

        ZooKeeperOp[] multi = Build(commit);

        Assert.Equal(["/root/a", "/root/a/b"], multi.Where(static op => op.OpCode == ZooKeeperOpCode.Create2).Select(static op => op.Path));
        Assert.Equal([_shards.PathOf("/root/a"), _shards.PathOf("/root/a/b")], multi.Where(static op => op.OpCode == ZooKeeperOpCode.SetData).Select(static op => op.Path));
    }

    [Fact]
    public void A_key_with_keys_below_it_loses_its_value_and_marker_and_keeps_its_place()
    {
        Put("/root/a", mzxid: 7, version: 3, children: 2);
        Put("/root/a/=!v");
        ZooKeeperCommit commit = Commit;
        commit.Write("a", null, null);

        ZooKeeperOp[] multi = Build(commit);

        Assert.Equal([(ZooKeeperOpCode.Delete, "/root/a/=!v"), (ZooKeeperOpCode.SetData, "/root/a")], multi.Select(static op => (op.OpCode, op.Path)));
        Assert.Null(multi[1].Creation.Data);
    }

    [Fact]
    public void A_key_whose_last_child_goes_in_the_same_commit_goes_as_a_node()
    {
        Put("/root/a", children: 1);
        Put("/root/a/b");
        ZooKeeperCommit commit = Commit;
        commit.Write("a", null, null);
        commit.Write("a/b", null, null);

        Assert.Equal([(ZooKeeperOpCode.Delete, "/root/a/b"), (ZooKeeperOpCode.Delete, "/root/a")], Build(commit).Select(static op => (op.OpCode, op.Path)));
    }

    private static bool IsCount(string path) => path.StartsWith("/root/=!cc/", StringComparison.Ordinal);

    private static Predicate<ZooKeeperOp> IsCheckOf(string path) => op => op.OpCode == ZooKeeperOpCode.Check && op.Path == path;

    private void Put(string path, long mzxid = 1, int version = 0, int children = 0) =>
        _tree[path] = new ZooKeeperNode(new byte[1], true, new ZooKeeperStat(1, mzxid, 0, 0, version, 0, 0, 0, 1, children, 1));

    private ZooKeeperNode?[] Read(IReadOnlyList<string> paths) => [.. paths.Select(path => _tree.TryGetValue(path, out ZooKeeperNode node) ? node : (ZooKeeperNode?)null)];

    private ZooKeeperOp[] Build(ZooKeeperCommit commit)
    {
        IReadOnlyList<string> needs = commit.Needs();
        return commit.Build(needs, Read(needs), out _)!.ToArray();
    }
}
