using System.Text.Unicode;

namespace ConfigClients.Conformance;

/// <summary>What a store may hold that is no configuration: the last good values stay, it is said, and it passes.</summary>
public abstract class BadConfigurationConformance(StoreFixture fixture)
{
    [Theory]
    [MemberData(nameof(BadDocuments.Names), MemberType = typeof(BadDocuments))]
    public async Task A_bad_value_keeps_the_last_good_one_and_recovers_with_the_next(string name)
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        (string bad, byte[] value) = BadDocuments.All[name];
        bool isDocument = bad.EndsWith(".json", StringComparison.Ordinal);
        string setting = isDocument ? "doc:x" : "doc";
        await store.SetAsync($"{prefix}/{bad}", Good("good"));
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);

        await store.CommitAsync(new Transaction().Set($"{prefix}/{bad}", value).Set(prefix + "/beside", TestValues.Of("taken in")));
        await host.ShowsAsync("beside", "taken in");
        DistributedConfigError error = await host.TellsAsync(DistributedConfigErrorKind.InvalidValue);
        Assert.Equal(("good", $"{prefix}/{bad}"), (host[setting], error.Key));
        Assert.Equal(isDocument && Utf8.IsValid(value), error.Line > 0 && error.Column > 0);
        Assert.Equal(error, Assert.Single(host.Status.Rejected));
        await store.SetAsync($"{prefix}/{bad}", Good("better"));
        await host.ShowsAsync(setting, "better");

        Assert.Single(host.Errors);
        Assert.Empty(host.Status.Rejected);

        byte[] Good(string text) => TestValues.Of(isDocument ? $$"""{"x":"{{text}}"}""" : text);
    }

    [Fact]
    public async Task A_bad_document_at_the_start_is_an_error_with_key_line_and_column()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/doc.json", "{\n  \"x\": oops }");

        DistributedConfigException failure = await Assert.ThrowsAsync<DistributedConfigException>(() => ConfiguredHost.StartAsync(fixture, prefix));

        Assert.Equal((DistributedConfigErrorKind.InvalidValue, prefix + "/doc.json", 2L, 8L), (failure.Error.Kind, failure.Error.Key, failure.Error.Line!.Value, failure.Error.Column!.Value));
        Assert.Contains("doc.json", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_byte_order_mark_is_not_part_of_the_value()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        byte[] mark = [0xEF, 0xBB, 0xBF];
        await store.SetAsync(prefix + "/text", (byte[])[.. mark, .. TestValues.Of("x")]);
        await store.SetAsync(prefix + "/doc.json", (byte[])[.. mark, .. TestValues.Of("""{"x":1}""")]);

        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);

        Assert.Equal(("x", "1"), (host["text"], host["doc:x"]));
    }

    [Fact]
    public async Task Keys_that_differ_by_case_are_an_error_naming_both_until_one_gives_way()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/db/host", "first");
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);

        await store.SetAsync(prefix + "/db/Host", "second");
        DistributedConfigError error = await host.TellsAsync(DistributedConfigErrorKind.Collision);
        Assert.Equal((prefix + "/db/Host", prefix + "/db/host", "first"), (error.Key, error.OtherKey, host["db:host"]));
        await store.DeleteAsync(prefix + "/db/host");

        await host.ShowsAsync("db:host", "second");
        Assert.Empty(host.Status.Rejected);
    }

    [Fact]
    public async Task A_vanished_prefix_keeps_the_last_good_values_until_something_is_there_again()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.CommitAsync(new Transaction().Set(prefix + "/a", TestValues.Of("1")).Set(prefix + "/b", TestValues.Of("1")));
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);

        await store.CommitAsync(new Transaction().Delete(prefix + "/a").Delete(prefix + "/b"));
        await host.TellsAsync(DistributedConfigErrorKind.Vanished);
        Assert.Equal(("1", "1", 0), (host["a"], host["b"], host.Reloads));
        Assert.Equal([prefix], host.Status.Vanished);
        await store.SetAsync(prefix + "/b", "2");
        await host.ShowsAsync("b", "2");

        Assert.Null(host["a"]);
        Assert.Empty(host.Status.Vanished);
    }

    [Fact]
    public async Task A_vanished_prefix_is_cleared_where_the_policy_says_so()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        string prefix = fixture.NewPrefix();
        await store.CommitAsync(new Transaction().Set(prefix + "/a", TestValues.Of("1")).Set(prefix + "/b", TestValues.Of("1")));
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix, static options => options.Vanished = VanishedPolicy.Clear);

        await store.CommitAsync(new Transaction().Delete(prefix + "/a").Delete(prefix + "/b"));
        await host.ShowsAsync("a", null);

        await host.ShowsAsync("b", null);
        Assert.Empty(host.Errors);
    }

    [Fact]
    public async Task An_empty_prefix_at_the_start_is_an_error_of_its_own()
    {
        DistributedConfigException failure = await Assert.ThrowsAsync<DistributedConfigException>(
            () => ConfiguredHost.StartAsync(fixture, fixture.NewPrefix(), static options => options.AllowEmpty = false));

        Assert.Equal(DistributedConfigErrorKind.Empty, failure.Error.Kind);
    }

    [Fact]
    public async Task Keys_that_live_with_a_session_are_no_configuration()
    {
        await using IConfigStore store = await fixture.OpenAsync();
        await using IStoreSession session = await store.OpenSessionAsync();
        string prefix = fixture.NewPrefix();
        await store.SetAsync(prefix + "/a", "1");
        await using ConfiguredHost host = await ConfiguredHost.StartAsync(fixture, prefix);

        await store.SetAsync(prefix + "/seat", "mine", session: session);
        await store.SetAsync(prefix + "/a", "2");
        await host.ShowsAsync("a", "2");

        Assert.Null(host["seat"]);
    }
}
