namespace ConfigClients.DistributedLocks.Tests;

public sealed class LockNamesTests
{
    [Theory]
    [InlineData("nightly", "locks/nightly")]
    [InlineData("Orders 17, north", "locks/Orders 17, north")]
    [InlineData("größe", "locks/größe")]
    public void A_name_that_can_be_a_segment_is_that_segment(string name, string key) => Assert.Equal(key, LockNames.Key("", "locks", name));

    [Fact]
    public void A_prefix_comes_before_it() => Assert.Equal("shop/locks/a", LockNames.Key("shop", "locks", "a"));

    [Theory]
    [InlineData("orders/17", "locks/orders_17~")]
    [InlineData("", "locks/~")]
    [InlineData("..", "locks/..~")]
    [InlineData("a\\b\n", "locks/a_b_~")]
    public void Any_other_keeps_what_can_be_read_and_gets_a_hash(string name, string start)
    {
        string key = LockNames.Key("", "locks", name);

        Assert.StartsWith(start, key, StringComparison.Ordinal);
        Assert.Equal((start.Length + 64, true, 2), (key.Length, ConfigKey.IsValid(key), key.Split('/').Length));
    }

    [Fact]
    public void Halves_of_a_surrogate_pair_are_names_that_differ()
    {
        // Not as inline data: an attribute holds UTF-8, which has no such thing.
        string[] keys = [LockNames.Key("", "locks", "\ud800"), LockNames.Key("", "locks", "\ud801")];

        Assert.Equal(2, keys.Distinct().Count());
        Assert.All(keys, static key => Assert.True(key.StartsWith("locks/_~", StringComparison.Ordinal) && ConfigKey.IsValid(key)));
    }

    [Fact]
    public void The_hash_is_the_same_in_every_version()
    {
        Assert.Equal("locks/orders_17~0d87feea1af2d750b91701bfe408422d7b35bb4e94bf25ac084459da52442d71", LockNames.Key("", "locks", "orders/17"));
    }

    [Fact]
    public void Long_names_that_differ_in_the_end_differ()
    {
        string name = new('x', 5000);

        string[] keys = [LockNames.Key("", "locks", name), LockNames.Key("", "locks", name + "y"), LockNames.Key("", "locks", name.ToUpperInvariant())];

        Assert.Equal(3, keys.Distinct().Count());
        Assert.All(keys, key => Assert.True(ConfigKey.IsValid(key)));
    }
}
