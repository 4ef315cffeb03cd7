namespace ConfigClients.Conformance;

/// <summary>Keys of every shape the grammar allows, and keys that are parents of others.</summary>
public abstract class KeyShapeConformance(StoreFixture fixture)
{
    public static TheoryData<string> Shapes =>
    [
        "café", "😀", "a 𐍈 b", "日本/語", "with space", " leading", "trailing ", "a%2Fb", "%", "%zz", "a?b", "a#b", "a+b", "a=b", "a=3Db", "a&b",
        "...", "..a", "a..", ".hidden", "~", "a:b", "a;b", "a,b", "a*b", "[0]", "{x}", "<x>", "\"quoted\"", "it's", "a|b", "a^b", "a`b", "$a", "!a", "@a",
        "A", "0", "-", "_", "zookeeper", "_cc", "\uFF21", "\uE000", "\uFFFD",
    ];

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_key_of_any_allowed_shape_round_trips(string name)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        string key = $"{prefix}/{name}";

        await store.SetAsync(key, name);
        ConfigEntry? entry = await store.GetAsync(key);
        ConfigSnapshot listing = await store.ListAsync(prefix);
        WriteResult deleted = await store.DeleteAsync(key);

        Assert.Equal((key, name), (entry!.Key, entry.GetString()));
        Assert.Equal(key, Assert.Single(listing.Entries).Key);
        Assert.True(deleted.Applied);
        Assert.Empty((await store.ListAsync(prefix)).Entries);
    }

    [Theory]
    [MemberData(nameof(Shapes))]
    public async Task A_name_of_any_allowed_shape_may_be_a_parent(string name)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = $"{fixture.NewPrefix()}/{name}";

        await store.SetAsync(prefix + "/leaf", name);

        Assert.Equal(prefix + "/leaf", Assert.Single((await store.ListAsync(prefix)).Entries).Key);
    }

    [Fact]
    public async Task The_longest_and_the_deepest_keys_round_trip()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        string longest = $"{prefix}/{new string('l', 255)}/{new string('m', 255)}/{new string('n', 255)}/";
        longest += new string('o', ConfigKey.MaxBytes - longest.Length);
        string wide = $"{prefix}/{string.Concat(Enumerable.Repeat("é", 127))}";
        string deepest = prefix + string.Concat(Enumerable.Repeat("/d", ConfigKey.MaxDepth - 2));

        await store.SetAsync(longest, "longest");
        await store.SetAsync(wide, "wide");
        await store.SetAsync(deepest, "deepest");

        Assert.Equal("longest", await store.GetStringAsync(longest));
        Assert.Equal("wide", await store.GetStringAsync(wide));
        Assert.Equal("deepest", await store.GetStringAsync(deepest));
        Assert.Equal(3, (await store.ListAsync(prefix)).Entries.Count);
    }

    [Fact]
    public async Task Keys_that_differ_in_case_are_different_keys()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();

        await store.SetAsync(prefix + "/Key", "upper");
        await store.SetAsync(prefix + "/key", "lower");

        Assert.Equal("upper", await store.GetStringAsync(prefix + "/Key"));
        Assert.Equal("lower", await store.GetStringAsync(prefix + "/key"));
    }

    [Fact]
    public async Task A_key_may_hold_a_value_and_children()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string parent = fixture.NewPrefix() + "/parent";

        await store.SetAsync(parent + "/first", "child");
        await store.SetAsync(parent, "parent");
        await store.SetAsync(parent + "/second", "child");

        Assert.Equal("parent", await store.GetStringAsync(parent));
        Assert.Equal([parent + "/first", parent + "/second"], (await store.ListAsync(parent)).Entries.Select(static entry => entry.Key));
    }

    [Fact]
    public async Task Deleting_a_parent_keeps_its_children()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string parent = fixture.NewPrefix() + "/parent";
        await store.SetAsync(parent, "parent");
        await store.SetAsync(parent + "/child", "child");

        WriteResult result = await store.DeleteAsync(parent);

        Assert.True(result.Applied);
        Assert.Null(await store.GetAsync(parent));
        Assert.Equal("child", await store.GetStringAsync(parent + "/child"));
    }

    [Fact]
    public async Task A_parent_without_a_value_is_a_missing_key()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a/b/c", "leaf");

        Assert.Null(await store.GetAsync(prefix + "/a"));
        Assert.Null(await store.GetValueAsync(prefix + "/a/b"));
        Assert.False((await store.DeleteAsync(prefix + "/a/b")).Applied);
        Assert.False((await store.SetAsync(prefix + "/a", "x", Condition.Exists)).Applied);
        Assert.Equal(prefix + "/a/b/c", Assert.Single((await store.ListAsync(prefix)).Entries).Key);
    }

    [Fact]
    public async Task A_parent_without_a_value_can_be_created()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a/b", "leaf");

        WriteResult first = await store.SetAsync(prefix + "/a", "parent", Condition.Absent);
        WriteResult second = await store.SetAsync(prefix + "/a", "again", Condition.Absent);

        Assert.Equal((true, false), (first.Applied, second.Applied));
        Assert.Equal("parent", await store.GetStringAsync(prefix + "/a"));
    }

    [Fact]
    public async Task An_empty_value_of_a_parent_is_a_value()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a/b", "leaf");

        await store.SetAsync(prefix + "/a", ReadOnlyMemory<byte>.Empty);

        Assert.Equal(0, (await store.GetAsync(prefix + "/a"))!.Value.Length);
        Assert.Equal(2, (await store.ListAsync(prefix)).Entries.Count);
    }
}
