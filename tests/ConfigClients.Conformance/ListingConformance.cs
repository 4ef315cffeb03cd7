using System.Text;

namespace ConfigClients.Conformance;

/// <summary>Lists of a prefix: directory-like, complete, sorted by bytes.</summary>
public abstract class ListingConformance(StoreFixture fixture)
{
    [Fact]
    public async Task A_prefix_lists_what_is_below_it_and_nothing_beside_it()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        foreach (string key in (string[])["a", "a/x", "a/x/y", "ab", "ab/x", "a-b", "a0", "A/x"])
        {
            await store.SetAsync($"{prefix}/{key}", key);
        }

        ConfigSnapshot listing = await store.ListAsync(prefix + "/a");

        Assert.Equal([$"{prefix}/a/x", $"{prefix}/a/x/y"], listing.Entries.Select(static entry => entry.Key));
        Assert.Equal(prefix + "/a", listing.Prefix);
    }

    [Fact]
    public async Task A_prefix_with_nothing_below_lists_nothing()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "itself");

        Assert.Empty((await store.ListAsync(prefix + "/a")).Entries);
        Assert.Empty((await store.ListAsync(prefix + "/never")).Entries);
    }

    [Fact]
    public async Task The_empty_prefix_lists_the_whole_store()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "one");

        ConfigSnapshot listing = await store.ListAsync("");

        Assert.Equal("one", listing.Find(key)!.GetString());
    }

    [Fact]
    public async Task Entries_are_sorted_by_the_bytes_of_their_keys()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        string[] keys = [.. ((string[])["b", "a", "B", "a/b", "a-b", "a0", "é", "z", "\uFF21", "😀", "\uE000", "𐀀", "日"]).Select(key => $"{prefix}/{key}")];
        foreach (string key in keys)
        {
            await store.SetAsync(key, "x");
        }

        ConfigSnapshot listing = await store.ListAsync(prefix);

        Assert.Equal(keys.OrderBy(static key => Convert.ToHexString(Encoding.UTF8.GetBytes(key)), StringComparer.Ordinal), listing.Entries.Select(static entry => entry.Key));
    }

    [Fact]
    public async Task A_listed_entry_is_what_a_get_returns()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "one");
        await store.SetAsync(prefix + "/empty", ReadOnlyMemory<byte>.Empty);
        await store.SetAsync(prefix + "/a", "two");

        ConfigSnapshot listing = await store.ListAsync(prefix);

        Assert.Equal(2, listing.Entries.Count);
        foreach (ConfigEntry listed in listing.Entries)
        {
            ConfigEntry? read = await store.GetAsync(listed.Key);
            Assert.Equal((read!.GetString(), read.Revision, read.CreateRevision), (listed.GetString(), listed.Revision, listed.CreateRevision));
        }
    }

    [Fact]
    public async Task A_listing_says_up_to_where_it_is_complete()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        WriteResult first = await store.SetAsync(prefix + "/a", "one");
        WriteResult second = await store.SetAsync(prefix + "/b", "two");

        ConfigSnapshot listing = await store.ListAsync(prefix);

        Assert.True(listing.Revision >= second.Revision.Number);
        Assert.Equal([first.Revision, second.Revision], listing.Entries.Select(static entry => entry.Revision));
    }

    [Fact]
    public async Task Ten_thousand_keys_are_listed_completely()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        string[] keys = [.. Enumerable.Range(0, 10_000).Select(i => $"{prefix}/{i / 100:D3}/{i % 100:D2}")];
        foreach (string[] chunk in keys.Chunk(store.Limits.MaxTransactionOperations))
        {
            Transaction transaction = new();
            foreach (string key in chunk)
            {
                transaction.Set(key, TestValues.Of(key));
            }

            await store.CommitAsync(transaction);
        }

        ConfigSnapshot listing = await store.ListAsync(prefix);

        Assert.Equal(keys, listing.Entries.Select(static entry => entry.Key));
        Assert.All(listing.Entries, static entry => Assert.Equal(entry.Key, entry.GetString()));
    }

    [Fact]
    public async Task A_listing_of_several_megabytes_is_complete()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        byte[] value = TestValues.OfSize(512 * 1024);
        for (int i = 0; i < 12; i++)
        {
            await store.SetAsync($"{prefix}/{i:D2}", value);
        }

        ConfigSnapshot listing = await store.ListAsync(prefix);

        Assert.Equal(12, listing.Entries.Count);
        Assert.All(listing.Entries, entry => Assert.True(entry.Value.Span.SequenceEqual(value)));
    }
}
