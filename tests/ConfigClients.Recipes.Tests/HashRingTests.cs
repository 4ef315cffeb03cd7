namespace ConfigClients.Recipes.Tests;

/// <summary>The ring is the same everywhere, and says plainly what it does not take.</summary>
public sealed class HashRingTests
{
    private static readonly string[] Three = ["a", "b", "c"];

    [Fact] // Golden: written down once. Another process, version or machine must come to the same.
    public void The_same_members_make_the_same_ring_everywhere()
    {
        HashRing ring = new(Three);

        Assert.Equal("bccacaaabaaccaabcabccbacacbbabbbbbaaacba", string.Concat(Enumerable.Range(0, 40).Select(i => ring.Locate($"key-{i}"))));
        Assert.Equal("babacbbcaabaccbabccccabbcbbccbacbccbbbca", string.Concat(ring.Assign(40)));
        Assert.Equal(2352478608117236492UL, ring.Digest);
    }

    [Fact]
    public void The_order_in_which_members_are_named_changes_nothing()
    {
        HashRing ring = new(["c", "a", "b"]);

        Assert.Equal(new HashRing(Three).Digest, ring.Digest);
        Assert.Equal(Three, ring.Members);
    }

    [Fact]
    public void Ids_of_any_spelling_are_told_apart()
    {
        HashRing ring = new(["node", "Node", "nöde", "日本"]);

        Assert.Equal(4, Enumerable.Range(0, 1000).Select(i => ring.Locate($"{i}")).Distinct().Count());
    }

    [Fact]
    public void Copies_lie_with_different_members_the_owner_first()
    {
        HashRing ring = new(Three);

        for (int i = 0; i < 100; i++)
        {
            IReadOnlyList<string> copies = ring.Locate($"{i}", 5);
            Assert.Equal((3, ring.Locate($"{i}")), (copies.Distinct().Count(), copies[0]));
        }
    }

    [Fact]
    public void What_it_cannot_take_is_refused()
    {
        Assert.Throws<ArgumentException>(() => new HashRing(["a", "a"]));
        Assert.Throws<ArgumentException>(() => new HashRing([""]));
        Assert.Throws<ArgumentException>(() => new HashRing([KeyValuePair.Create("a", 0.0)]));
        Assert.Throws<ArgumentException>(() => new HashRing([KeyValuePair.Create("a", double.NaN)]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HashRing(Three, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new HashRing(Three).Assign(0));
        Assert.Throws<InvalidOperationException>(() => new HashRing(Array.Empty<string>()).Locate("a"));
    }
}
