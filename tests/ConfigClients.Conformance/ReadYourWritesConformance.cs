namespace ConfigClients.Conformance;

/// <summary>P4: a read after one's own write sees it, and everything ordered before it.</summary>
public abstract class ReadYourWritesConformance(StoreFixture fixture)
{
    private const int Rounds = 50;

    [Fact]
    public async Task Every_read_sees_the_write_before_it()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        string key = prefix + "/a";

        for (int i = 0; i < Rounds; i++)
        {
            WriteResult written = await store.SetAsync(key, $"{i}");
            ConfigEntry? entry = await store.GetAsync(key);
            string? bare = await store.GetStringAsync(key);
            ConfigEntry listed = Assert.Single((await store.ListAsync(prefix)).Entries);

            Assert.Equal(($"{i}", $"{i}", $"{i}", written.Revision), (entry!.GetString(), bare, listed.GetString(), listed.Revision));
        }
    }

    [Fact]
    public async Task Every_read_sees_the_delete_before_it()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        string key = prefix + "/a";

        for (int i = 0; i < Rounds; i++)
        {
            await store.SetAsync(key, $"{i}");
            await store.DeleteAsync(key);

            Assert.Null(await store.GetAsync(key));
            Assert.Null(await store.GetValueAsync(key));
            Assert.Empty((await store.ListAsync(prefix)).Entries);
        }
    }

    [Fact]
    public async Task Every_read_sees_the_commit_before_it()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();

        for (int i = 0; i < Rounds; i++)
        {
            await store.CommitAsync(new Transaction().Set(prefix + "/a", TestValues.Of($"{i}")).Set(prefix + "/b", TestValues.Of($"{i}")));

            Assert.Equal($"{i}", await store.GetStringAsync(prefix + "/b"));
            Assert.Equal([$"{i}", $"{i}"], (await store.ListAsync(prefix)).Entries.Select(static entry => entry.GetString()));
        }
    }

    [Fact]
    public async Task A_read_sees_what_others_wrote_before_ones_own_write()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore other = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();

        for (int i = 0; i < Rounds; i++)
        {
            await other.SetAsync(prefix + "/theirs", $"{i}");
            await store.SetAsync(prefix + "/mine", $"{i}");

            Assert.Equal($"{i}", await store.GetStringAsync(prefix + "/theirs"));
            Assert.Equal([$"{i}", $"{i}"], (await store.ListAsync(prefix)).Entries.Select(static entry => entry.GetString()));
        }
    }

    [Fact]
    public async Task A_read_after_a_refusal_sees_why()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IConfigStore other = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();

        for (int i = 0; i < Rounds; i++)
        {
            string key = $"{prefix}/{i}";
            await other.SetAsync(key, "theirs");
            WriteResult refused = await store.SetAsync(key, "mine", Condition.Absent);

            Assert.False(refused.Applied);
            Assert.Equal("theirs", await store.GetStringAsync(key));
        }
    }

    [Fact]
    public async Task Many_reads_at_once_all_see_the_write_before_them()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();

        for (int i = 0; i < 10; i++)
        {
            await store.SetAsync(prefix + "/a", $"{i}");
            string?[] readings = await Task.WhenAll(Enumerable.Range(0, 64).Select(_ => store.GetStringAsync(prefix + "/a").AsTask()));

            Assert.All(readings, reading => Assert.Equal($"{i}", reading));
        }
    }

    [Fact]
    public async Task Writers_side_by_side_each_see_their_own()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();

        await Task.WhenAll(Enumerable.Range(0, 16).Select(async writer =>
        {
            for (int i = 0; i < 10; i++)
            {
                await store.SetAsync($"{prefix}/{writer}", $"{i}");
                Assert.Equal($"{i}", await store.GetStringAsync($"{prefix}/{writer}"));
            }
        }));
    }
}
