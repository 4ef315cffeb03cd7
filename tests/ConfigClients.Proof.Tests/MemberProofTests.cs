using ConfigClients.Backends;
using ConfigClients.Proof.Members;
using ConfigClients.Proof.Processes;

namespace ConfigClients.Proof;

public sealed class MemberProofTests
{
    [Theory]
    [InlineData("embedded")]
    [InlineData("consul")]
    [InlineData("etcd")]
    [InlineData("zookeeper")]
    public async Task Members_agree_again_after_faults_and_each_partition_has_one_owner(string kind)
    {
        Assert.SkipWhen(kind != "embedded" && BackendSelection.IsOff, BackendsOffException.Reason);
        await using StoreUnderProof store = await StoreUnderProof.StartAsync(kind);

        MemberProofResult result = await MemberProof.RunAsync(store, new MemberProofOptions { Seed = Random.Shared.Next(1, 1_000_000), Processes = 6 });

        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Faults.Count == 0, result.ToString());
    }

    [Fact]
    public void Members_that_agree_and_own_every_partition_once_are_right() => Assert.Null(Fault(new("1", "a,b", [0, 2]), new("1", "a,b", [1])));

    [Theory]
    [InlineData("1", "a,b", 1, "partition 1 has 2 owners")]
    [InlineData("1", "a,b", 0, "partition 0 has 2 owners")]
    [InlineData("2", "a,b", 2, "rings")]
    [InlineData("1", "b", 2, "b sees b")]
    public void Anything_else_is_a_fault(string digest, string ids, int partition, string fault) =>
        Assert.Contains(fault, Fault(new("1", "a,b", [0, 1]), new(digest, ids, [partition])), StringComparison.Ordinal);

    private static string? Fault(MemberStatus a, MemberStatus b) =>
        MemberStatus.Fault(new Dictionary<string, MemberStatus?> { ["a"] = a, ["b"] = b }, partitions: 3);
}
