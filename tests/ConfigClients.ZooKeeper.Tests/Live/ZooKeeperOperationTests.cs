using ConfigClients.Conformance;

namespace ConfigClients.ZooKeeper.Tests.Live;

/// <summary>Every operation, on a real server.</summary>
public sealed class ZooKeeperOperationTests : IAsyncLifetime
{
    private ZooKeeperClient _client = null!;
    private string _root = "";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => (_client, _root) = await ZooKeeperClients.OpenSharedAsync();

    public ValueTask DisposeAsync() => _client.DisposeAsync();

    [Fact]
    public async Task A_node_is_created_read_set_and_deleted()
    {
        string path = _root + "/a";

        ZooKeeperCreated created = await _client.CreateAsync(path, "v1"u8.ToArray(), cancellationToken: Stop);
        ZooKeeperNode first = (await _client.GetDataAsync(path, Stop))!.Value;
        ZooKeeperStat set = await _client.SetDataAsync(path, "v2"u8.ToArray(), version: 0, cancellationToken: Stop);
        ZooKeeperNode second = (await _client.GetDataAsync(path, Stop))!.Value;
        long deleted = await _client.DeleteAsync(path, version: 1, cancellationToken: Stop);

        Assert.Equal((path, created.Stat), (created.Path, first.Stat));
        Assert.Equal("v1", System.Text.Encoding.ASCII.GetString(first.Data.Span));
        Assert.Equal((1, created.Stat.Czxid, set), (set.Version, set.Czxid, second.Stat));
        Assert.Equal("v2", System.Text.Encoding.ASCII.GetString(second.Data.Span));
        Assert.True(created.Stat.Czxid < set.Mzxid && set.Mzxid < deleted && deleted <= _client.LastZxid);
        Assert.Null(await _client.GetDataAsync(path, Stop));
        Assert.Null(await _client.ExistsAsync(path, Stop));
        Assert.Null(await _client.GetChildrenAsync(path, Stop));
    }

    [Fact]
    public async Task Null_is_not_the_same_as_no_bytes_both_when_created_and_when_set()
    {
        await _client.CreateAsync(_root + "/null", null, cancellationToken: Stop);
        await _client.CreateAsync(_root + "/empty", ReadOnlyMemory<byte>.Empty, cancellationToken: Stop);
        bool[] created = [await HasDataAsync("/null"), await HasDataAsync("/empty")];

        await _client.SetDataAsync(_root + "/null", ReadOnlyMemory<byte>.Empty, cancellationToken: Stop);
        await _client.SetDataAsync(_root + "/empty", null, cancellationToken: Stop);
        bool[] set = [await HasDataAsync("/null"), await HasDataAsync("/empty")];

        Assert.Equal([false, true], created);
        Assert.Equal([true, false], set);
    }

    [Theory]
    [InlineData(ZooKeeperError.NoNode, "/missing/child", false)]
    [InlineData(ZooKeeperError.NodeExists, "/a", false)]
    [InlineData(ZooKeeperError.NoChildrenForEphemerals, "/e/child", true)]
    public async Task A_create_that_is_refused_says_why_and_did_not_apply(ZooKeeperError expected, string path, bool belowEphemeral)
    {
        await _client.CreateAsync(_root + "/a", null, cancellationToken: Stop);
        await _client.CreateAsync(_root + "/e", null, belowEphemeral ? ZooKeeperCreateMode.Ephemeral : default, cancellationToken: Stop);

        ZooKeeperException failure = await Assert.ThrowsAsync<ZooKeeperException>(() => _client.CreateAsync(_root + path, null, cancellationToken: Stop).AsTask());

        Assert.Equal((expected, false, _root + path), (failure.Error, failure.MayHaveApplied, failure.Path));
    }

    [Fact]
    public async Task Wrong_versions_missing_nodes_and_children_refuse_set_and_delete()
    {
        string path = _root + "/a";
        await _client.CreateAsync(path, null, cancellationToken: Stop);
        await _client.CreateAsync(path + "/b", null, cancellationToken: Stop);

        Assert.Equal(ZooKeeperError.BadVersion, await ErrorAsync(_client.SetDataAsync(path, null, 7, cancellationToken: Stop)));
        Assert.Equal(ZooKeeperError.BadVersion, await ErrorAsync(_client.DeleteAsync(path + "/b", 7, cancellationToken: Stop)));
        Assert.Equal(ZooKeeperError.NotEmpty, await ErrorAsync(_client.DeleteAsync(path, cancellationToken: Stop)));
        Assert.Equal(ZooKeeperError.NoNode, await ErrorAsync(_client.SetDataAsync(path + "/c", null, cancellationToken: Stop)));
        Assert.Equal(ZooKeeperError.NoNode, await ErrorAsync(_client.DeleteAsync(path + "/c", cancellationToken: Stop)));
    }

    [Fact]
    public async Task Sequential_nodes_get_rising_numbers()
    {
        ZooKeeperCreated first = await _client.CreateAsync(_root + "/s-", null, ZooKeeperCreateMode.PersistentSequential, cancellationToken: Stop);
        ZooKeeperCreated second = await _client.CreateAsync(_root + "/", null, ZooKeeperCreateMode.EphemeralSequential, cancellationToken: Stop);

        Assert.Equal((_root + "/s-0000000000", _root + "/0000000001"), (first.Path, second.Path));
        Assert.Equal(_client.Session!.Id, second.Stat.EphemeralOwner);
    }

    [Fact]
    public async Task Containers_and_nodes_with_a_time_to_live_can_be_made_where_the_server_allows()
    {
        ZooKeeperCreated container = await _client.CreateAsync(_root + "/c", null, ZooKeeperCreateMode.Container, cancellationToken: Stop);

        // The server under test has extended types switched off: an error, and the connection stays.
        ZooKeeperError withTtl = await ErrorAsync(_client.CreateAsync(
            _root + "/t", null, ZooKeeperCreateMode.PersistentWithTimeToLive, new ZooKeeperCreateOptions { TimeToLive = TimeSpan.FromMinutes(1) }, Stop));

        Assert.Equal(0, container.Stat.EphemeralOwner);
        Assert.Equal(ZooKeeperError.Unimplemented, withTtl);
        Assert.NotNull(await _client.ExistsAsync(_root + "/c", Stop));
    }

    [Fact]
    public async Task Children_are_listed_counted_and_read_together()
    {
        for (int i = 0; i < 20; i++)
        {
            await _client.CreateAsync($"{_root}/{i}", BitConverter.GetBytes(i), cancellationToken: Stop);
        }

        await _client.CreateAsync($"{_root}/3/below", null, cancellationToken: Stop);
        ZooKeeperChildren children = (await _client.GetChildrenAsync(_root, Stop))!;
        IReadOnlyList<ZooKeeperReadResult> read = await _client.ReadManyAsync(
            [.. children.Names.Select(name => ZooKeeperRead.Data($"{_root}/{name}")), ZooKeeperRead.Children($"{_root}/3"), ZooKeeperRead.Data($"{_root}/none")], Stop);

        Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"{i}").Order(), children.Names.Order());
        Assert.Equal(20, children.Stat.NumChildren);
        Assert.Equal(children.Names.Select(int.Parse), read.Take(20).Select(static result => BitConverter.ToInt32(result.Node!.Value.Data.Span)));
        Assert.Equal(["below"], read[20].Children!);
        Assert.Equal(ZooKeeperError.NoNode, read[21].Error);
        Assert.Equal(21, await _client.CountDescendantsAsync(_root, Stop));
    }

    [Fact]
    public async Task A_multi_is_carried_out_as_a_whole_under_one_number()
    {
        ZooKeeperMultiResult result = await _client.MultiAsync(
            new ZooKeeperMulti()
                .Create(_root + "/m", "1"u8.ToArray())
                .Create(_root + "/m/e", null, ZooKeeperCreateMode.EphemeralSequential)
                .SetData(_root + "/m", "2"u8.ToArray(), 0)
                .Check(_root + "/m", 1)
                .Create(_root + "/gone", null)
                .Delete(_root + "/gone"),
            Stop);

        Assert.True(result.Applied);
        Assert.Equal(_root + "/m/e0000000000", result.Results[1].Path);
        Assert.Equal((1, result.Zxid), (result.Results[2].Stat!.Value.Version, result.Results[2].Stat!.Value.Mzxid));
        Assert.Equal(result.Zxid, (await _client.ExistsAsync(_root + "/m", Stop))!.Value.Czxid);
        Assert.Equal(_client.Session!.Id, (await _client.ExistsAsync(result.Results[1].Path!, Stop))!.Value.EphemeralOwner);
    }

    [Fact]
    public async Task A_multi_that_fails_changes_nothing_and_says_where()
    {
        ZooKeeperMultiResult result = await _client.MultiAsync(
            new ZooKeeperMulti().Create(_root + "/x", null).Check(_root, 99).Delete(_root + "/x"), Stop);

        Assert.Equal((1, ZooKeeperError.BadVersion), (result.FailedIndex, result.Error));
        Assert.Equal([ZooKeeperError.None, ZooKeeperError.BadVersion, ZooKeeperError.RuntimeInconsistency], result.Results.Select(static one => one.Error));
        Assert.Null(await _client.ExistsAsync(_root + "/x", Stop));
    }

    [Fact]
    public async Task An_empty_multi_is_a_write_that_changes_nothing()
    {
        long before = _client.LastZxid;

        ZooKeeperMultiResult result = await _client.MultiAsync(new ZooKeeperMulti(), Stop);

        Assert.True(result.Applied && result.Zxid > before);
    }

    [Fact]
    public async Task A_multi_of_two_thousand_creates_is_one_transaction()
    {
        ZooKeeperMulti multi = new();
        for (int i = 0; i < 2000; i++)
        {
            multi.Create($"{_root}/{i}", null);
        }

        ZooKeeperMultiResult result = await _client.MultiAsync(multi, Stop);

        Assert.True(result.Applied);
        Assert.Equal(2000, (await _client.GetChildrenAsync(_root, Stop))!.Names.Count);
    }

    [Fact]
    public async Task Access_control_lists_are_read_and_set_by_version()
    {
        ZooKeeperAccess open = await _client.GetAclAsync(_root, Stop);
        ZooKeeperStat set = await _client.SetAclAsync(_root, ZooKeeperAcl.ReadOnly, open.Stat.Aversion, Stop);

        Assert.Equal(ZooKeeperAcl.Open, open.Acl);
        Assert.Equal((1, 0), (set.Aversion, set.Version));
        Assert.Equal(ZooKeeperError.NoAuth, await ErrorAsync(_client.CreateAsync(_root + "/a", null, cancellationToken: Stop)));
        Assert.Equal(ZooKeeperError.InvalidAcl, await ErrorAsync(_client.CreateAsync("/" + Guid.NewGuid(), null, options: new ZooKeeperCreateOptions { Acl = ZooKeeperAcl.Creator }, cancellationToken: Stop)));
    }

    [Fact]
    public async Task A_sync_reaches_what_was_written_before()
    {
        ZooKeeperStat written = await _client.SetDataAsync(_root, null, cancellationToken: Stop);

        Assert.True(await _client.SyncAsync(_root + "/need/not/exist", Stop) >= written.Mzxid);
    }

    [Fact]
    public async Task The_server_knows_who_this_is_and_which_ephemerals_it_has()
    {
        await _client.CreateAsync(_root + "/e", null, ZooKeeperCreateMode.Ephemeral, cancellationToken: Stop);

        IReadOnlyList<ZooKeeperIdentity> who = await _client.WhoAmIAsync(Stop);

        Assert.Contains(new ZooKeeperIdentity("ip", "127.0.0.1"), who);
        Assert.Equal([_root + "/e"], await _client.GetEphemeralsAsync(_root, Stop));
    }

    [Fact]
    public async Task The_largest_value_that_fits_comes_back_and_a_larger_one_is_refused_here()
    {
        string path = _root + "/large";
        await _client.CreateAsync(path, null, cancellationToken: Stop);
        byte[] largest = new byte[0xFFFFF - 20 - path.Length];
        Random.Shared.NextBytes(largest);

        await _client.SetDataAsync(path, largest, cancellationToken: Stop);
        ZooKeeperNode node = (await _client.GetDataAsync(path, Stop))!.Value;

        Assert.True(node.Data.Span.SequenceEqual(largest));
        Assert.Equal(ZooKeeperError.RequestTooLarge, await ErrorAsync(_client.SetDataAsync(path, new byte[largest.Length + 1], cancellationToken: Stop)));
        Assert.Equal(ZooKeeperState.Connected, _client.State);
    }

    [Fact]
    public async Task An_answer_larger_than_a_request_may_be_is_taken()
    {
        const int Count = 6000;
        foreach (int[] chunk in Enumerable.Range(0, Count).Chunk(1000))
        {
            ZooKeeperMulti multi = new();
            foreach (int i in chunk)
            {
                multi.Create($"{_root}/{new string('x', 200)}{i}", null);
            }

            Assert.True((await _client.MultiAsync(multi, Stop)).Applied);
        }

        // 1.2 MB of names.
        Assert.Equal(Count, (await _client.GetChildrenAsync(_root, Stop))!.Names.Count);
    }

    [Fact]
    public async Task Disposing_ends_the_session_and_its_nodes_before_it_returns()
    {
        (ZooKeeperClient other, string root) = await ZooKeeperClients.OpenSharedAsync();
        await other.CreateAsync(root + "/e", null, ZooKeeperCreateMode.Ephemeral, cancellationToken: Stop);
        ZooKeeperClientSession session = other.Session!;

        await other.DisposeAsync();
        await other.DisposeAsync();

        Assert.Null(await _client.ExistsAsync(root + "/e", Stop));
        Assert.Equal((SessionEndReason.Closed, ZooKeeperState.Closed), (session.EndReason, other.State));
        Assert.Equal(ZooKeeperError.Closed, await ErrorAsync(other.GetDataAsync(root, Stop)));
        await Eventually.HoldsAsync(() => session.Lost.IsCancellationRequested);
    }

    private static async Task<ZooKeeperError> ErrorAsync<T>(ValueTask<T> call) => (await Assert.ThrowsAsync<ZooKeeperException>(() => call.AsTask())).Error;

    private async Task<bool> HasDataAsync(string path) => (await _client.GetDataAsync(_root + path, Stop))!.Value.HasData;
}
