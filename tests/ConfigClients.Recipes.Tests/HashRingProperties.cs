namespace ConfigClients.Recipes.Tests;

/// <summary>Nobody has much more than the mean, and little moves: for 3 to 100 members.</summary>
public sealed class HashRingProperties
{
    private const int Keys = 50_000;

    public static TheoryData<int> Sizes => [3, 4, 5, 7, 10, 16, 25, 40, 64, 100];

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Nobody_has_more_than_a_quarter_above_the_mean(int members)
    {
        string[] owners = Owners(new HashRing(Names(members)));

        Assert.InRange(owners.GroupBy(static owner => owner).Max(static group => group.Count()), 1, 1.25 * Keys / members);
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Who_comes_takes_his_share_and_nothing_moves_between_the_others(int members)
    {
        string[] before = Owners(new HashRing(Names(members)));
        string[] after = Owners(new HashRing(Names(members + 1)));

        string[] moved = [.. before.Zip(after).Where(static pair => pair.First != pair.Second).Select(static pair => pair.Second)];

        Assert.InRange(moved.Length, 1, 1.25 * Keys / (members + 1));
        Assert.All(moved, owner => Assert.Equal($"member-{members}", owner));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void Who_goes_leaves_his_share_and_nothing_moves_between_the_others(int members)
    {
        string[] before = Owners(new HashRing(Names(members)));
        string[] after = Owners(new HashRing(Names(members).Skip(1)));

        string[] moved = [.. before.Zip(after).Where(static pair => pair.First != pair.Second).Select(static pair => pair.First)];

        Assert.InRange(moved.Length, 1, 1.25 * Keys / members);
        Assert.All(moved, static owner => Assert.Equal("member-0", owner));
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void A_bounded_spread_keeps_its_bound_and_gives_every_partition_away(int members)
    {
        IReadOnlyList<string> owners = new HashRing(Names(members)).Assign(1024);

        Assert.Equal(1024, owners.Count(static owner => owner.Length > 0));
        Assert.InRange(owners.GroupBy(static owner => owner).Max(static group => group.Count()), 1, (int)Math.Ceiling(1.25 * 1024 / members));
    }

    [Fact]
    public void A_member_of_weight_two_has_about_twice_the_keys()
    {
        HashRing ring = new([KeyValuePair.Create("heavy", 2.0), KeyValuePair.Create("light", 1.0)]);

        double ratio = (double)Owners(ring).Count(static owner => owner == "heavy") / Keys;

        Assert.InRange(ratio, 0.6, 0.73);
    }

    private static IEnumerable<string> Names(int members) => Enumerable.Range(0, members).Select(static i => $"member-{i}");

    private static string[] Owners(HashRing ring) => [.. Enumerable.Range(0, Keys).Select(i => ring.Locate($"key-{i}"))];
}
