using ConfigClients.Core.Tests.Simulation;

namespace ConfigClients.Core.Tests;

public sealed class ConfigStoreBuilderTests
{
    private readonly RecordingFactory _first = new(false, "one");
    private readonly RecordingFactory _second = new(true, "two", "deux");
    private readonly RecordingFactory _third = new(true, "three");

    [Fact]
    public async Task The_last_store_with_options_of_its_own_is_chosen()
    {
        await using IConfigStore store = new ConfigStoreBuilder().Use(_second).Use(_third).Use(_first).Build();

        Assert.Equal((null, null), (_first.Context, _second.Context));
        Assert.NotNull(_third.Context);
        Assert.Null(_third.Context.Address);
    }

    [Fact]
    public async Task Without_options_the_first_store_is_chosen()
    {
        RecordingFactory other = new(false, "other");

        await using IConfigStore store = new ConfigStoreBuilder().Use(_first).Use(other).Build();

        Assert.NotNull(_first.Context);
        Assert.Null(other.Context);
    }

    [Fact]
    public async Task An_address_chooses_whatever_the_options_say()
    {
        await using IConfigStore store = new ConfigStoreBuilder().Use(_first).Use(_second).Use(_third).UseAddress("DEUX://host:1/p").Build();

        Assert.Equal((null, null), (_first.Context, _third.Context));
        Assert.Equal(("deux", "p"), (_second.Context!.Address!.Scheme, _second.Context.Address.Path));
    }

    [Fact]
    public async Task The_last_address_and_the_last_store_of_a_scheme_win()
    {
        RecordingFactory again = new(false, "one");

        await using IConfigStore store = new ConfigStoreBuilder().Use(_first).Use(again).UseAddress("two://x").UseAddress("one://x").Build();

        Assert.Equal((null, "one"), (_first.Context, again.Context!.Address!.Scheme));
    }

    [Fact]
    public void An_unknown_scheme_is_refused_with_what_is_known()
    {
        ConfigStoreBuilder builder = new ConfigStoreBuilder().Use(_first).Use(_second).UseAddress("four://secret-host");

        InvalidOperationException fault = Assert.Throws<InvalidOperationException>(() => builder.Build());

        Assert.Contains("\"four:\". Known: one, two, deux.", fault.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret-host", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_any_store_it_says_what_to_call() =>
        Assert.Contains("UseEmbedded()", Assert.Throws<InvalidOperationException>(static () => new ConfigStoreBuilder().Build()).Message, StringComparison.Ordinal);

    [Fact]
    public void Bad_arguments_are_refused_at_once()
    {
        ConfigStoreBuilder builder = new();

        Assert.Throws<ArgumentException>(() => builder.UseAddress("no address"));
        Assert.Throws<ArgumentNullException>(() => builder.Use(null!));
        Assert.Throws<ArgumentNullException>(() => builder.UseLoggerFactory(null!));
        Assert.Throws<ArgumentNullException>(() => builder.UseTimeProvider(null!));
        Assert.False(builder.HasAddress);
    }

    [Fact]
    public async Task The_store_is_held_to_the_contract()
    {
        await using IConfigStore store = new ConfigStoreBuilder().Use(_first).Build();

        await Assert.ThrowsAsync<ArgumentException>(async () => await store.GetAsync("/a", TestContext.Current.CancellationToken));

        Assert.Equal(("recording", 0), (store.Kind, _first.Store.Calls.Count));
    }
}
