namespace ConfigClients.Conformance;

/// <summary>What is refused before any I/O, by every verb, with the parameter named.</summary>
public abstract class BadInputConformance(StoreFixture fixture)
{
    [Theory]
    [MemberData(nameof(BadKeys.NamesAndEmpty), MemberType = typeof(BadKeys))]
    public async Task A_malformed_key_is_refused_by_every_verb(string name)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = BadKeys.Find(name);

        await AssertRefusedAsync("key", async () => await store.GetAsync(key));
        await AssertRefusedAsync("key", async () => await store.GetValueAsync(key));
        await AssertRefusedAsync("key", async () => await store.SetAsync(key, "x"));
        await AssertRefusedAsync("key", async () => await store.DeleteAsync(key));
        AssertRefused("key", () => new Transaction().Set(key, TestValues.Of("x")));
        AssertRefused("key", () => new Transaction().Delete(key));
        AssertRefused("key", () => new Transaction().Require(key, Condition.Exists));
    }

    [Theory]
    [MemberData(nameof(BadKeys.Names), MemberType = typeof(BadKeys))]
    public async Task A_malformed_prefix_is_refused_by_list_and_watch(string name)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = BadKeys.Find(name);

        await AssertRefusedAsync("prefix", async () => await store.ListAsync(prefix));
        await AssertRefusedAsync("prefix", async () => await store.WatchAsync(prefix).GetAsyncEnumerator().MoveNextAsync());
    }

    [Fact]
    public async Task A_null_key_is_refused_by_every_verb()
    {
        await using IConfigStore store = await fixture.OpenAsync();

        await AssertRefusedAsync("key", async () => await store.GetAsync(null!));
        await AssertRefusedAsync("key", async () => await store.GetValueAsync(null!));
        await AssertRefusedAsync("prefix", async () => await store.ListAsync(null!));
        await AssertRefusedAsync("key", async () => await store.SetAsync(null!, ReadOnlyMemory<byte>.Empty));
        await AssertRefusedAsync("key", async () => await store.DeleteAsync(null!));
        await AssertRefusedAsync("prefix", async () => await store.WatchAsync(null!).GetAsyncEnumerator().MoveNextAsync());
        await AssertRefusedAsync("transaction", async () => await store.CommitAsync(null!));
    }

    [Fact]
    public async Task A_convenience_without_what_it_needs_is_refused_whether_or_not_the_key_exists()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/none";

        await AssertRefusedAsync("typeInfo", async () => await store.GetJsonAsync<TestDocument>(key, null!));
        await AssertRefusedAsync("typeInfo", async () => await store.SetJsonAsync(key, new TestDocument("n", []), null!));
        await AssertRefusedAsync("value", async () => await store.SetAsync(key, (string)null!));
        await AssertRefusedAsync("change", async () => await store.UpdateAsync(key, null!));
        await AssertRefusedAsync("maxRounds", async () => await store.UpdateAsync(key, static _ => null, maxRounds: 0));
        await AssertRefusedAsync("maxRounds", async () => await store.UpdateAsync(key, static _ => null, maxRounds: 1001));
        await AssertRefusedAsync("prefix", async () => await store.ListChildrenAsync(null!));
        await AssertRefusedAsync("prefix", async () => await store.DeletePrefixAsync("a//b"));

        Assert.Null(await store.GetAsync(key));
    }

    [Fact]
    public async Task A_value_beyond_512_KiB_is_refused()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/large";

        await AssertRefusedAsync("value", async () => await store.SetAsync(key, new byte[(512 * 1024) + 1]));

        Assert.Null(await store.GetAsync(key));
    }

    [Fact]
    public async Task A_transaction_that_is_empty_or_too_large_is_refused()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        Transaction tooMany = new();
        for (int i = 0; i < 61; i++)
        {
            tooMany.Set($"{prefix}/{i}", TestValues.Of("x"));
        }

        await AssertRefusedAsync("transaction", async () => await store.CommitAsync(new Transaction()));
        await AssertRefusedAsync("transaction", async () => await store.CommitAsync(tooMany));
        await AssertRefusedAsync("transaction", async () => await store.CommitAsync(new Transaction().Set(prefix + "/a", new byte[350 * 1024])));

        Assert.Empty((await store.ListAsync(prefix)).Entries);
    }

    [Fact]
    public async Task A_session_bound_write_counts_as_two_operations()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        Transaction tooMany = new();
        for (int i = 0; i < 31; i++)
        {
            tooMany.Set($"{prefix}/{i}", TestValues.Of("x"), session);
        }

        await AssertRefusedAsync("transaction", async () => await store.CommitAsync(tooMany));
    }

    [Fact]
    public async Task The_session_of_another_store_is_refused()
    {
        await using StoreClients clients = await StoreClients.OpenAsync(fixture, 2);
        await using IStoreSession foreign = new ForeignSession();
        string key = fixture.NewPrefix() + "/a";
        await clients[0].SetAsync(key, "before");

        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await clients[0].SetAsync(key + "/new", "x", session: foreign));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await clients[0].SetAsync(key, "x", Condition.HeldBy(foreign)));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await clients[0].DeleteAsync(key, Condition.HeldBy(foreign)));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await clients[0].CommitAsync(new Transaction().Set(key + "/new", TestValues.Of("x"), foreign)));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await clients[0].CommitAsync(new Transaction().Require(key, Condition.HeldBy(foreign)).Delete(key)));

        Assert.Equal("before", await clients[1].GetStringAsync(key));
    }

    [Theory]
    [InlineData(9.999)]
    [InlineData(40.001)]
    [InlineData(0)]
    [InlineData(-10)]
    [InlineData(86_401)]
    public async Task A_session_lifetime_out_of_range_is_refused(double seconds)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        StoreSessionOptions options = new() { Ttl = TimeSpan.FromSeconds(seconds) };

        ArgumentOutOfRangeException fault = await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await store.OpenSessionAsync(options));

        Assert.Equal("options", fault.ParamName);
    }

    [Fact]
    public async Task A_token_that_was_cancelled_already_sends_nothing()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string key = fixture.NewPrefix() + "/a";
        CancellationToken cancelled = new(canceled: true);

        await AssertCancelledAsync(async () => await store.GetAsync(key, cancelled));
        await AssertCancelledAsync(async () => await store.GetValueAsync(key, cancelled));
        await AssertCancelledAsync(async () => await store.ListAsync(key, cancelled));
        await AssertCancelledAsync(async () => await store.SetAsync(key, "x", cancellationToken: cancelled));
        await AssertCancelledAsync(async () => await store.DeleteAsync(key, cancellationToken: cancelled));
        await AssertCancelledAsync(async () => await store.CommitAsync(new Transaction().Set(key, TestValues.Of("x")), cancelled));
        await AssertCancelledAsync(async () => await store.WatchAsync(key, cancelled).GetAsyncEnumerator(CancellationToken.None).MoveNextAsync());
        await AssertCancelledAsync(async () => await store.OpenSessionAsync(null, cancelled));

        Assert.Null(await store.GetAsync(key));
    }

    private static async Task AssertRefusedAsync(string parameter, Func<Task> call) =>
        Assert.Equal(parameter, (await Assert.ThrowsAnyAsync<ArgumentException>(call)).ParamName);

    private static void AssertRefused(string parameter, Action call) => Assert.Equal(parameter, Assert.ThrowsAny<ArgumentException>(call).ParamName);

    private static async Task AssertCancelledAsync(Func<Task> call) => await Assert.ThrowsAnyAsync<OperationCanceledException>(call);
}
