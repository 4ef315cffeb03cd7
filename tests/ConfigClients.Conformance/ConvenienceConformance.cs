using System.Text;
using System.Text.Json;

namespace ConfigClients.Conformance;

/// <summary>The extension methods, over this store.</summary>
public abstract class ConvenienceConformance(StoreFixture fixture)
{
    [Fact]
    public async Task Text_round_trips_and_a_missing_key_is_null()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/text";

        string? before = await store.GetStringAsync(key);
        await store.SetAsync(key, "grüße 😀");

        Assert.Equal((null, "grüße 😀"), (before, await store.GetStringAsync(key)));
    }

    [Fact]
    public async Task A_byte_order_mark_is_not_part_of_the_text()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/bom";

        await store.SetAsync(key, (byte[])[0xEF, 0xBB, 0xBF, (byte)'x']);

        Assert.Equal("x", await store.GetStringAsync(key));
    }

    [Fact]
    public async Task Bytes_that_are_no_text_are_an_error_when_text_is_asked()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/binary";
        await store.SetAsync(key, (byte[])[0xFF, 0xFE, 0x00]);

        await Assert.ThrowsAsync<DecoderFallbackException>(async () => await store.GetStringAsync(key));
    }

    [Fact]
    public async Task Json_round_trips_and_a_missing_key_is_null()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/json";

        TestDocument? before = await store.GetJsonAsync(key, TestJsonContext.Default.TestDocument);
        WriteResult created = await store.SetJsonAsync(key, new TestDocument("n", [1, 2]), TestJsonContext.Default.TestDocument, Condition.Absent);
        TestDocument? after = await store.GetJsonAsync(key, TestJsonContext.Default.TestDocument);

        Assert.Null(before);
        Assert.True(created.Applied);
        Assert.Equal(("n", 2), (after!.Name, after.Sizes.Count));
    }

    [Fact]
    public async Task A_value_that_is_no_json_is_an_error_when_json_is_asked()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/json";
        await store.SetAsync(key, "{ \"Name\": ");

        await Assert.ThrowsAsync<JsonException>(async () => await store.GetJsonAsync(key, TestJsonContext.Default.TestDocument));
    }

    [Fact]
    public async Task Children_are_named_once_and_in_order()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        foreach (string key in (string[])["b/x", "b/y/z", "a", "c", "c/x", "bb/x"])
        {
            await store.SetAsync($"{prefix}/{key}", key);
        }

        IReadOnlyList<string> children = await store.ListChildrenAsync(prefix);

        Assert.Equal([$"{prefix}/a", $"{prefix}/b", $"{prefix}/bb", $"{prefix}/c"], children);
    }

    [Fact]
    public async Task A_prefix_is_deleted_with_all_below_it_and_nothing_beside_it()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/gone", "itself");
        await store.SetAsync(prefix + "/gone2/a", "beside");
        for (int i = 0; i < 130; i++)
        {
            await store.SetAsync($"{prefix}/gone/{i % 3}/{i}", "x");
        }

        int deleted = await store.DeletePrefixAsync(prefix + "/gone");

        Assert.Equal(130, deleted);
        Assert.Equal([prefix + "/gone", prefix + "/gone2/a"], (await store.ListAsync(prefix)).Entries.Select(static entry => entry.Key));
    }

    [Fact]
    public async Task A_whole_store_is_not_deleted_by_one_word()
    {
        await using IConfigStore store = await fixture.OpenAsync();

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.DeletePrefixAsync(""));
    }

    [Fact]
    public async Task An_update_creates_then_changes()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        await store.UpdateAsync(key, static entry => TestValues.Of((entry?.GetString() ?? "") + "x"));
        await store.UpdateAsync(key, static entry => TestValues.Of((entry?.GetString() ?? "") + "y"));

        Assert.Equal("xy", await store.GetStringAsync(key));
    }
}
