using ConfigClients.Proof.Members;

namespace ConfigClients.Proof;

public sealed class MemberStatusTests
{
    [Fact]
    public void Members_that_agree_and_own_every_partition_once_are_right() => Assert.Null(Fault(new("1", "a,b", [0, 2]), new("1", "a,b", [1, 3])));

    [Theory]
    [InlineData("1", "a,b", 1, "partition 1 has 2 owners")]
    [InlineData("1", "a,b", 3, "partition 2 has 0 owners")]
    [InlineData("2", "a,b", 2, "rings")]
    [InlineData("1", "b", 2, "b sees b")]
    public void Anything_else_is_a_fault(string digest, string ids, int partition, string fault) =>
        Assert.Contains(fault, Fault(new("1", "a,b", [0, 1]), new(digest, ids, [partition])), StringComparison.Ordinal);

    [Fact]
    public void A_member_that_says_nothing_is_a_fault() => Assert.Equal("b says nothing", Fault(new("1", "a,b", [0, 1, 2, 3]), null));

    [Fact]
    public void What_a_member_says_is_read_back() => Assert.Equal([3, 5], MemberStatus.Parse(["1", "a,b", "3,5"]).Owned);

    private static string? Fault(MemberStatus a, MemberStatus? b) =>
        MemberStatus.Fault(new Dictionary<string, MemberStatus?> { ["a"] = a, ["b"] = b }, partitions: 4);
}
