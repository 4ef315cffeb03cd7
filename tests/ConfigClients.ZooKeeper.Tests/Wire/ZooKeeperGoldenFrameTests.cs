using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>Frames as a real server and a real client exchanged them, byte for byte.</summary>
public sealed class ZooKeeperGoldenFrameTests
{
    private const string Stat =
        "000000000000003f 0000000000000040 000001a206d33b12 000001a206d33b20 00000001 00000000 00000000 0000000000000000 00000006 00000000 000000000000003f";

    private const string World = "00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65";

    private static readonly ZooKeeperStat Expected = new(0x3f, 0x40, 0x1a206d33b12, 0x1a206d33b20, 1, 0, 0, 0, 6, 0, 0x3f);

    [Fact]
    public void A_new_session_is_asked_for_as_captured()
    {
        Assert.Equal(
            Hex.Plain("0000002d 00000000 0000000000000000 00002710 0000000000000000 00000010 00000000000000000000000000000000 00"),
            Written(ZooKeeperHandshake.New(0, TimeSpan.FromSeconds(10), allowReadOnly: false)));
    }

    [Fact]
    public void A_session_is_taken_over_as_captured()
    {
        ZooKeeperHandshake resume = new(0x44, TimeSpan.FromSeconds(10), 0x0100001dafd1003d, Hex.Bytes("3f0064619d56c75d43acfd9ef0dc846e"), false);

        Assert.Equal(
            Hex.Plain("0000002d 00000000 0000000000000044 00002710 0100001dafd1003d 00000010 3f0064619d56c75d43acfd9ef0dc846e 00"), Written(resume));
    }

    [Fact]
    public void The_answer_to_a_new_session_is_read()
    {
        ZooKeeperWelcome welcome = ZooKeeperWelcome.Read(Hex.Bytes("00000000 00002710 0100001dafd1003d 00000010 3f0064619d56c75d43acfd9ef0dc846e 00"));

        Assert.Equal((TimeSpan.FromSeconds(10), 0x0100001dafd1003d, false, false), (welcome.Timeout, welcome.SessionId, welcome.IsReadOnly, welcome.IsExpired));
        Assert.Equal("3f0064619d56c75d43acfd9ef0dc846e", Hex.Text(welcome.Password.Span));
    }

    [Fact]
    public void The_answer_of_old_servers_without_the_last_byte_is_read() =>
        Assert.False(ZooKeeperWelcome.Read(Hex.Bytes("00000000 00002710 0100001dafd1003d 00000010 3f0064619d56c75d43acfd9ef0dc846e")).IsReadOnly);

    [Fact]
    public void The_answer_for_a_session_that_is_over_is_read() =>
        Assert.True(ZooKeeperWelcome.Read(Hex.Bytes("00000000 00000000 0000000000000000 00000010 00000000000000000000000000000000 00")).IsExpired);

    [Fact]
    public void A_read_only_server_that_has_no_sessions_is_told_apart()
    {
        ZooKeeperException failure = Assert.Throws<ZooKeeperException>(() => ZooKeeperWelcome.Read(Hex.Bytes("00000000 0000000000000044 ffffff89")));

        Assert.Equal(ZooKeeperError.NotReadOnly, failure.Error);
    }

    [Fact]
    public async Task Get_data()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperNode?> get = bench.SubmitAsync(ZooKeeperGetRequest.Rent("/g"));

        Assert.Equal(Hex.Plain("0000000f 00000001 00000004 00000002 2f67 00"), Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes($"00000001 000000000000003f 00000000 00000006 68656c6c6f21 {Stat}"));
        ZooKeeperNode node = (await get)!.Value;

        Assert.Equal(("hello!", true), (System.Text.Encoding.ASCII.GetString(node.Data.Span), node.HasData));
        Assert.Equal(Expected, node.Stat);
    }

    [Theory]
    [InlineData("ffffffff", false)]
    [InlineData("00000000", true)]
    public async Task Null_and_no_bytes_are_told_apart(string length, bool hasData)
    {
        using Bench bench = new();
        ValueTask<ZooKeeperNode?> get = bench.SubmitAsync(ZooKeeperGetRequest.Rent("/g"));
        bench.Sent();

        bench.Answer(Hex.Bytes($"00000001 000000000000003f 00000000 {length} {Stat}"));
        ZooKeeperNode node = (await get)!.Value;

        Assert.Equal((0, hasData), (node.Data.Length, node.HasData));
    }

    [Fact]
    public async Task A_missing_node_is_null()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperNode?> get = bench.SubmitAsync(ZooKeeperGetRequest.Rent("/nope"));

        Assert.Equal(Hex.Plain("00000012 00000001 00000004 00000005 2f6e6f7065 00"), Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes("00000001 0000000000000040 ffffff9b"));

        Assert.Null(await get);
    }

    [Fact]
    public async Task Exists()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperStat?> exists = bench.SubmitAsync(ZooKeeperExistsRequest.Rent("/g"));

        Assert.Equal(Hex.Plain("0000000f 00000001 00000003 00000002 2f67 00"), Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes($"00000001 0000000000000040 00000000 {Stat}"));

        Assert.Equal(Expected, await exists);
    }

    [Fact]
    public async Task Get_children()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperChildren?> children = bench.SubmitAsync(new ZooKeeperChildrenRequest { Path = "/g" });

        Assert.Equal(Hex.Plain("0000000f 00000001 0000000c 00000002 2f67 00"), Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes($"00000001 0000000000000040 00000000 00000002 00000001 61 00000002 c3a9 {Stat}"));
        ZooKeeperChildren answer = (await children)!;

        Assert.Equal(["a", "é"], answer.Names);
        Assert.Equal(Expected, answer.Stat);
    }

    [Fact]
    public async Task Set_data()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperStat> set = bench.SubmitAsync(ZooKeeperSetRequest.Rent("/g", "v2"u8.ToArray(), 1));

        Assert.Equal(Hex.Plain("00000018 00000001 00000005 00000002 2f67 00000002 7632 00000001"), Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes($"00000001 0000000000000041 00000000 {Stat}"));

        Assert.Equal(Expected, await set);
    }

    [Fact]
    public async Task Create_an_ephemeral_sequential_node()
    {
        using Bench bench = new();
        ZooKeeperCreation creation = new(ReadOnlyMemory<byte>.Empty, ZooKeeperCreateMode.EphemeralSequential, null);
        ValueTask<ZooKeeperCreated> create = bench.SubmitAsync(ZooKeeperCreateRequest.Rent("/g/e-", creation));

        Assert.Equal(Hex.Plain($"00000034 00000001 0000000f 00000005 2f672f652d 00000000 {World} 00000003"), Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes(
            "00000001 0000000000000042 00000000 0000000f 2f672f652d30303030303030303030 " +
            "0000000000000042 0000000000000042 000001a206d33c55 000001a206d33c55 00000000 00000000 00000000 0100001dafd1003d 00000000 00000000 0000000000000042"));
        ZooKeeperCreated created = await create;

        Assert.Equal(("/g/e-0000000000", 0x42, 0x0100001dafd1003d), (created.Path, created.Stat.Czxid, created.Stat.EphemeralOwner));
    }

    [Fact]
    public async Task Add_a_recursive_watch()
    {
        using Bench bench = new();
        int armed = 0;
        ValueTask<long> add = bench.SubmitAsync(new ZooKeeperAddWatchRequest(ZooKeeperWatchMode.Recursive, () => armed++) { Path = "/g" });

        Assert.Equal(Hex.Plain("00000012 00000001 0000006a 00000002 2f67 00000001"), Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes("00000001 000000000000003f 00000000 00000000"));
        await add;

        Assert.Equal(1, armed);
    }

    [Fact]
    public async Task Remove_watches_of_any_kind()
    {
        using Bench bench = new();
        ValueTask<long> remove = bench.SubmitAsync(new ZooKeeperRemoveWatchesRequest { Path = "/g" });

        Assert.Equal(Hex.Plain("00000012 00000001 00000012 00000002 2f67 00000003"), Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes("00000001 0000000000000044 ffffff87"));

        Assert.Equal(0x44, await remove);
    }

    [Fact]
    public async Task A_multi_that_is_carried_out()
    {
        using Bench bench = new();
        ZooKeeperMulti multi = new ZooKeeperMulti().Check("/g", 2).SetData("/g", "v3"u8.ToArray(), 2).Create("/g/k", "x"u8.ToArray());
        ValueTask<ZooKeeperMultiResult> outcome = bench.SubmitAsync(new ZooKeeperMultiRequest(multi.ToArray()));

        // The captured one creates by operation 1; operation 15 has the same fields and answers with a stat.
        Assert.Equal(
            Hex.Plain(
                "00000072 00000001 0000000e  0000000d 00 ffffffff 00000002 2f67 00000002 " +
                "00000005 00 ffffffff 00000002 2f67 00000002 7633 00000002 " +
                $"0000000f 00 ffffffff 00000004 2f672f6b 00000001 78 {World} 00000000 ffffffff 01 ffffffff"),
            Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes(
            $"00000001 0000000000000043 00000000  0000000d 00 00000000 00000005 00 00000000 {Stat} 00000001 00 00000000 00000004 2f672f6b  ffffffff 01 ffffffff"));
        ZooKeeperMultiResult result = await outcome;

        Assert.Equal((true, -1, 0x43), (result.Applied, result.FailedIndex, result.Zxid));
        Assert.Equal([null, Expected, null], result.Results.Select(static one => one.Stat));
        Assert.Equal("/g/k", result.Results[2].Path);
    }

    [Fact]
    public async Task A_multi_of_newer_servers_has_the_stat_of_what_it_created()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperMultiResult> outcome = bench.SubmitAsync(new ZooKeeperMultiRequest(new ZooKeeperMulti().Create("/g/k", null).ToArray()));
        bench.Sent();

        bench.Answer(Hex.Bytes($"00000001 0000000000000043 00000000 0000000f 00 00000000 00000004 2f672f6b {Stat} ffffffff 01 ffffffff"));

        Assert.Equal(Expected, (await outcome).Results[0].Stat);
    }

    [Fact]
    public async Task A_multi_that_is_refused_says_which_operation_failed()
    {
        using Bench bench = new();
        ZooKeeperMulti multi = new ZooKeeperMulti().Create("/g/z", ReadOnlyMemory<byte>.Empty).Check("/g", 99).Delete("/g/k");
        ValueTask<ZooKeeperMultiResult> outcome = bench.SubmitAsync(new ZooKeeperMultiRequest(multi.ToArray()));

        Assert.Equal(
            Hex.Plain(
                $"0000006d 00000001 0000000e  0000000f 00 ffffffff 00000004 2f672f7a 00000000 {World} 00000000 " +
                "0000000d 00 ffffffff 00000002 2f67 00000063   00000002 00 ffffffff 00000004 2f672f6b ffffffff   ffffffff 01 ffffffff"),
            Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes(
            "00000001 0000000000000044 00000000  ffffffff 00 00000000 00000000 ffffffff 00 ffffff99 ffffff99   ffffffff 00 fffffffe fffffffe   ffffffff 01 ffffffff"));
        ZooKeeperMultiResult result = await outcome;

        Assert.Equal((false, 1, ZooKeeperError.BadVersion), (result.Applied, result.FailedIndex, result.Error));
    }

    [Fact]
    public void Ping_auth_sync_watches_and_close()
    {
        using Bench bench = new();
        bench.Pipeline.Submit(ZooKeeperControlRequest.Ping());
        bench.Pipeline.Submit(ZooKeeperControlRequest.Auth(ZooKeeperCredential.Digest("bob", "secret")));
        bench.Pipeline.Submit(ZooKeeperControlRequest.Sync("/g"));
        bench.Pipeline.Submit(ZooKeeperControlRequest.SetWatches(0x44, new ZooKeeperWatchChunk([], ["/g"]), ""));
        bench.Pipeline.Submit(ZooKeeperControlRequest.Close());

        // The captured list of watches also arms two that fire once; those lists are always empty here.
        Assert.Equal(
            Hex.Plain(
                "00000008 fffffffe 0000000b " +
                "00000024 fffffffc 00000064 00000000 00000006 646967657374 0000000a 626f623a736563726574 " +
                "0000000e 00000001 00000009 00000002 2f67 " +
                "0000002a fffffff8 00000069 0000000000000044 00000000 00000000 00000000 00000000 00000001 00000002 2f67 " +
                "00000008 00000002 fffffff5"),
            Hex.Text(bench.Sent()));
    }

    [Fact]
    public async Task Several_gets_that_wait_go_as_one_request_and_each_fails_alone()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperNode?> first = bench.SubmitAsync(ZooKeeperGetRequest.Rent("/a"));
        ValueTask<ZooKeeperNode?> second = bench.SubmitAsync(ZooKeeperGetRequest.Rent("/b"));
        ValueTask<ZooKeeperNode?> third = bench.SubmitAsync(ZooKeeperGetRequest.Rent("/c"));

        Assert.Equal(
            Hex.Plain(
                "00000041 00000001 00000016 00000004 00 ffffffff 00000002 2f61 00 00000004 00 ffffffff 00000002 2f62 00 " +
                "00000004 00 ffffffff 00000002 2f63 00 ffffffff 01 ffffffff"),
            Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes(
            $"00000001 0000000000000044 00000000 00000004 00 00000000 00000001 78 {Stat} ffffffff 00 ffffff9b ffffff9b ffffffff 00 ffffff9a ffffff9a ffffffff 01 ffffffff"));

        Assert.Equal(Expected, (await first)!.Value.Stat);
        Assert.Null(await second);
        Assert.Equal(ZooKeeperError.NoAuth, (await Assert.ThrowsAsync<ZooKeeperException>(() => third.AsTask())).Error);
    }

    [Fact]
    public async Task An_access_control_list_travels_both_ways()
    {
        using Bench bench = new();
        ValueTask<ZooKeeperStat> set = bench.SubmitAsync(
            new ZooKeeperSetAclRequest([ZooKeeperAcl.Digest(ZooKeeperPermissions.All, "bob", "secret")], 0) { Path = "/g" });
        ValueTask<ZooKeeperAccess> get = bench.SubmitAsync(new ZooKeeperGetAclRequest { Path = "/g" });

        Assert.Contains("bob:fyVmFCwVbTJYrznoSu1koqYEYF0=", System.Text.Encoding.ASCII.GetString(bench.Sent()), StringComparison.Ordinal);
        bench.Answer(Hex.Bytes($"00000001 0000000000000044 00000000 {Stat}"));
        bench.Answer(Hex.Bytes($"00000002 0000000000000044 00000000 {World} {Stat}"));
        await set;

        Assert.Equal(ZooKeeperAcl.Open, (await get).Acl);
    }

    [Fact]
    public async Task Who_am_i_ephemerals_and_count()
    {
        using Bench bench = new();
        ValueTask<IReadOnlyList<ZooKeeperIdentity>> who = bench.SubmitAsync(new ZooKeeperWhoAmIRequest());
        ValueTask<IReadOnlyList<string>> ephemerals = bench.SubmitAsync(new ZooKeeperEphemeralsRequest { Path = "/g" });
        ValueTask<int> count = bench.SubmitAsync(new ZooKeeperChildrenCountRequest { Path = "/g" });

        Assert.Equal(Hex.Plain("00000008 00000001 0000006b 0000000e 00000002 00000067 00000002 2f67 0000000e 00000003 00000068 00000002 2f67"), Hex.Text(bench.Sent()));
        bench.Answer(Hex.Bytes("00000001 0000000000000044 00000000 00000001 00000002 6970 00000003 312e32"));
        bench.Answer(Hex.Bytes("00000002 0000000000000044 00000000 00000001 00000002 2f67"));
        bench.Answer(Hex.Bytes("00000003 0000000000000044 00000000 00000007"));

        Assert.Equal(new ZooKeeperIdentity("ip", "1.2"), Assert.Single(await who));
        Assert.Equal(["/g"], await ephemerals);
        Assert.Equal(7, await count);
    }

    [Fact]
    public async Task A_chroot_goes_before_paths_and_is_taken_off_again()
    {
        using Bench bench = new("/app");
        ValueTask<ZooKeeperNode?> root = bench.SubmitAsync(ZooKeeperGetRequest.Rent("/"));
        ZooKeeperCreation creation = new(null, ZooKeeperCreateMode.PersistentSequential, null);
        ValueTask<ZooKeeperCreated> create = bench.SubmitAsync(ZooKeeperCreateRequest.Rent("/", creation));

        IReadOnlyList<byte[]> frames = bench.SentFrames();
        Assert.Equal(Hex.Plain("00000001 00000004 00000004 2f617070 00"), Hex.Text(frames[0]));
        Assert.StartsWith(Hex.Plain("00000002 0000000f 00000005 2f6170702f ffffffff"), Hex.Text(frames[1]), StringComparison.Ordinal);
        bench.Answer(Hex.Bytes("00000001 0000000000000044 ffffff9b"));
        bench.Answer(Hex.Bytes($"00000002 0000000000000044 00000000 0000000f 2f6170702f30303030303030303037 {Stat}"));

        Assert.Null(await root);
        Assert.Equal("/0000000007", (await create).Path);
    }

    [Theory]
    [InlineData(ZooKeeperCreateMode.Container, "00000013", "00000004")]
    [InlineData(ZooKeeperCreateMode.PersistentWithTimeToLive, "00000015", "00000005 00000000000003e8")]
    [InlineData(ZooKeeperCreateMode.PersistentSequentialWithTimeToLive, "00000015", "00000006 00000000000003e8")]
    public void Containers_and_times_to_live_have_operations_of_their_own(ZooKeeperCreateMode mode, string operation, string flags)
    {
        using Bench bench = new();
        ZooKeeperCreateOptions? options = mode == ZooKeeperCreateMode.Container ? null : new() { TimeToLive = TimeSpan.FromSeconds(1) };

        bench.Submit(ZooKeeperCreateRequest.Rent("/g", new ZooKeeperCreation(null, mode, options)));

        Assert.Equal(Hex.Plain($"00000001 {operation} 00000002 2f67 ffffffff {World} {flags}"), Hex.Text(Assert.Single(bench.SentFrames())));
    }

    private static string Written(ZooKeeperHandshake handshake)
    {
        using ZooKeeperWriter writer = new();
        handshake.Write(writer);
        return Hex.Text(writer.Written.Span);
    }
}
