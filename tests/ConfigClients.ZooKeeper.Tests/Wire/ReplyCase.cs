using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper.Tests.Wire;

/// <summary>A request and a good answer to it, to be spoiled.</summary>
/// <param name="Name">What is asked.</param>
/// <param name="Ask">Makes the request.</param>
/// <param name="Body">The answer behind the header.</param>
internal sealed record ReplyCase(string Name, Func<ZooKeeperRequest> Ask, byte[] Body)
{
    private const string Stat =
        "000000000000003f 0000000000000040 000001a206d33b12 000001a206d33b20 00000001 00000000 00000000 0000000000000000 00000006 00000000 000000000000003f";

    private const string World = "00000001 0000001f 00000005 776f726c64 00000006 616e796f6e65";

    /// <summary>Every kind of answer there is.</summary>
    public static IReadOnlyList<ReplyCase> All { get; } =
    [
        Of("get", static () => ZooKeeperGetRequest.Rent("/g"), $"00000005 68656c6c6f {Stat}"),
        Of("exists", static () => ZooKeeperExistsRequest.Rent("/g"), Stat),
        Of("children", static () => new ZooKeeperChildrenRequest { Path = "/g" }, $"00000002 00000001 61 00000002 c3a9 {Stat}"),
        Of("set", static () => ZooKeeperSetRequest.Rent("/g", null, -1), Stat),
        Of("create", static () => ZooKeeperCreateRequest.Rent("/g", new ZooKeeperCreation(null, default, null)), $"00000002 2f67 {Stat}"),
        Of("delete", static () => ZooKeeperDeleteRequest.Rent("/g", -1), ""),
        Of("acl", static () => new ZooKeeperGetAclRequest { Path = "/g" }, $"{World} {Stat}"),
        Of("set acl", static () => new ZooKeeperSetAclRequest(ZooKeeperAcl.Open, -1) { Path = "/g" }, Stat),
        Of("sync", static () => new ZooKeeperSyncRequest { Path = "/g" }, "00000002 2f67"),
        Of("who am i", static () => new ZooKeeperWhoAmIRequest(), "00000001 00000002 6970 00000003 312e32"),
        Of("ephemerals", static () => new ZooKeeperEphemeralsRequest { Path = "/g" }, "00000001 00000002 2f67"),
        Of("count", static () => new ZooKeeperChildrenCountRequest { Path = "/g" }, "00000007"),
        Of("watch", static () => new ZooKeeperAddWatchRequest(ZooKeeperWatchMode.Node, static () => { }) { Path = "/g" }, "00000000"),
        Of("unwatch", static () => new ZooKeeperRemoveWatchesRequest { Path = "/g" }, ""),
        Of(
            "multi",
            static () => new ZooKeeperMultiRequest(new ZooKeeperMulti().Check("/g").SetData("/g", null).Create("/g/k", null).Delete("/g/k").ToArray()),
            $"0000000d 00 00000000 00000005 00 00000000 {Stat} 0000000f 00 00000000 00000004 2f672f6b {Stat} 00000002 00 00000000 ffffffff 01 ffffffff"),
        Of(
            "multi refused",
            static () => new ZooKeeperMultiRequest(new ZooKeeperMulti().Check("/g").Delete("/g/k").ToArray()),
            "ffffffff 00 ffffff99 ffffff99 ffffffff 00 fffffffe fffffffe ffffffff 01 ffffffff"),
        Of(
            "multi read",
            static () => new ZooKeeperMultiReadRequest([ZooKeeperRead.Data("/a"), ZooKeeperRead.Children("/b"), ZooKeeperRead.Data("/c")]),
            $"00000004 00 00000000 00000001 78 {Stat} 00000008 00 00000000 00000001 00000001 61 ffffffff 00 ffffff9b ffffff9b ffffffff 01 ffffffff"),
        Of(
            "batch",
            static () =>
            {
                ZooKeeperReadBatch batch = ZooKeeperReadBatch.Rent();
                batch.Add(ZooKeeperGetRequest.Rent("/a"));
                batch.Add(ZooKeeperGetRequest.Rent("/b"));
                return batch;
            },
            $"00000004 00 00000000 00000001 78 {Stat} ffffffff 00 ffffff9b ffffff9b ffffffff 01 ffffffff"),
    ];

    public override string ToString() => Name;

    private static ReplyCase Of(string name, Func<ZooKeeperRequest> ask, string body) => new(name, ask, Hex.Bytes(body));
}
