namespace ConfigClients.Conformance;

/// <summary>Get, set and delete of single keys.</summary>
public abstract class KeyValueConformance(StoreFixture fixture)
{
    [Fact]
    public async Task A_value_that_was_set_is_read_back()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        WriteResult result = await store.SetAsync(key, "one");
        ConfigEntry? entry = await store.GetAsync(key);

        Assert.True(result.Applied);
        Assert.Null(result.RefusedKey);
        Assert.Equal((key, "one", result.Revision, null), (entry!.Key, entry.GetString(), entry.Revision, entry.SessionId));
    }

    [Fact]
    public async Task Another_client_reads_what_was_set()
    {
        await using IConfigStore writer = await fixture.OpenAsync();
        await using IConfigStore reader = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        await writer.SetAsync(key, "one");

        ConfigEntry? entry = await Eventually.ReadAsync(() => reader.GetAsync(key).AsTask(), static entry => entry is not null);
        Assert.Equal("one", entry!.GetString());
    }

    [Fact]
    public async Task A_missing_key_is_null()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/missing";

        Assert.Null(await store.GetAsync(key));
        Assert.Null(await store.GetValueAsync(key));
    }

    [Fact]
    public async Task An_empty_value_is_not_a_missing_key()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/empty";

        await store.SetAsync(key, ReadOnlyMemory<byte>.Empty);

        Assert.Equal(0, (await store.GetAsync(key))!.Value.Length);
        Assert.Equal(0, (await store.GetValueAsync(key))!.Value.Length);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(350 * 1024)]
    [InlineData(512 * 1024)]
    public async Task A_value_of_any_allowed_size_round_trips(int sizeBytes)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/sized";
        byte[] value = TestValues.OfSize(sizeBytes);

        await store.SetAsync(key, value);
        ConfigEntry? entry = await store.GetAsync(key);

        Assert.True(entry!.Value.Span.SequenceEqual(value));
    }

    [Fact]
    public async Task Every_byte_round_trips()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/binary";
        byte[] value = [.. Enumerable.Range(0, 256).Select(static b => (byte)b)];

        await store.SetAsync(key, value);

        Assert.Equal(value, (await store.GetAsync(key))!.Value.ToArray());
    }

    [Fact]
    public async Task A_bare_value_is_the_value_of_the_entry()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        await store.SetAsync(key, TestValues.OfSize(1000));
        ReadOnlyMemory<byte>? bare = await store.GetValueAsync(key);

        Assert.Equal((await store.GetAsync(key))!.Value.ToArray(), bare!.Value.ToArray());
    }

    [Fact]
    public async Task A_deleted_key_is_missing()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "one");

        WriteResult result = await store.DeleteAsync(key);

        Assert.Equal((true, null), (result.Applied, result.RefusedKey));
        Assert.Null(await store.GetAsync(key));
        Assert.Null(await store.GetValueAsync(key));
    }

    [Fact]
    public async Task Deleting_a_missing_key_is_not_applied()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        await store.SetAsync(key, "one");
        await store.DeleteAsync(key);

        WriteResult again = await store.DeleteAsync(key);
        WriteResult never = await store.DeleteAsync(key + "/never");

        Assert.Equal((false, false), (again.Applied, never.Applied));
    }

    [Fact]
    public async Task Writing_the_same_bytes_makes_a_new_revision()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";

        WriteResult first = await store.SetAsync(key, "same");
        WriteResult second = await store.SetAsync(key, "same");

        Assert.True(second.Revision > first.Revision);
        Assert.Equal(second.Revision, (await store.GetAsync(key))!.Revision);
    }

    [Fact]
    public async Task Revisions_rise_over_the_whole_store()
    {
        await using IConfigStore one = await fixture.OpenAsync();
        await using IConfigStore two = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();

        List<long> numbers = [];
        for (int i = 0; i < 20; i++)
        {
            WriteResult result = await (i % 2 == 0 ? one : two).SetAsync($"{prefix}/{i % 3}", $"{i}");
            numbers.Add(result.Revision.Number);
        }

        Assert.Equal(numbers.Distinct().Order(), numbers);
    }

    [Fact]
    public async Task A_buffer_may_be_reused_once_the_call_has_ended()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        byte[] buffer = TestValues.Of("before");

        await store.SetAsync(key, buffer);
        ConfigEntry? entry = await store.GetAsync(key);
        buffer.AsSpan().Fill((byte)'x');

        Assert.Equal("before", entry!.GetString());
        Assert.Equal("before", await store.GetStringAsync(key));
    }
}
