using ConfigClients.Configuration;
using ConfigClients.Conformance;

namespace ConfigClients.Tests;

public sealed class VanishedTests
{
    private static void NoWindow(DistributedConfigOptions options) => options.CoalesceWindow = TimeSpan.Zero;

    private static void TwoLayers(DistributedConfigOptions options)
    {
        NoWindow(options);
        options.Layers.Add("shared");
        options.Layers.Add("app");
    }

    [Fact]
    public async Task A_vanished_root_keeps_the_last_good_values_until_something_is_there_again()
    {
        using FakeConfig config = new(NoWindow, ("a", "1"), ("b", "1"));

        config.Store.Write(("a", null), ("b", null));
        config.Store.SaySnapshot();
        await Eventually.HoldsAsync(() => config.Errors.Any(error => error.Kind == DistributedConfigErrorKind.Vanished));
        Assert.Equal(("1", "1", 0), (config.Root["a"], config.Root["b"], config.Reloads));
        Assert.Equal([""], config.Status.Vanished);

        config.Store.Push(("b", "2"));
        await config.ShowsAsync("b", "2");

        Assert.Null(config.Root["a"]);
        Assert.Empty(config.Status.Vanished);
    }

    [Fact]
    public async Task A_vanished_root_is_cleared_where_the_policy_says_so()
    {
        using FakeConfig config = new(options => (options.CoalesceWindow, options.Vanished) = (TimeSpan.Zero, VanishedPolicy.Clear), ("a", "1"));

        config.Store.Push(("a", null));

        await config.ShowsAsync("a", null);
        Assert.Empty(config.Errors);
    }

    [Fact]
    public async Task The_last_key_of_one_layer_falls_back_to_the_layer_below_it()
    {
        using FakeConfig config = new(TwoLayers, ("shared/a", "1"), ("app/a", "2"));

        config.Store.Push(("app/a", null));
        await config.ShowsAsync("a", "1");

        Assert.Empty(config.Errors);
        Assert.Empty(config.Status.Vanished);
    }

    [Fact]
    public async Task The_last_key_of_the_last_layer_stays_and_is_an_alarm()
    {
        using FakeConfig config = new(TwoLayers, ("shared/a", "1"), ("app/a", "2"));
        config.Store.Push(("app/a", null));
        await config.ShowsAsync("a", "1");

        config.Store.Push(("shared/a", null));
        await Eventually.HoldsAsync(() => !config.Errors.IsEmpty);

        Assert.Equal(DistributedConfigErrorKind.Vanished, Assert.Single(config.Errors).Kind);
        Assert.Equal("1", config.Root["a"]);
    }

    [Fact]
    public async Task A_layer_that_loses_several_keys_at_once_keeps_them()
    {
        using FakeConfig config = new(TwoLayers, ("shared/a", "1"), ("app/a", "2"), ("app/b", "2"));

        config.Store.Push(("app/a", null), ("app/b", null));
        await Eventually.HoldsAsync(() => !config.Errors.IsEmpty);

        Assert.Equal(("2", "2"), (config.Root["a"], config.Root["b"]));
        Assert.Equal(["app"], config.Status.Vanished);
    }

    [Fact]
    public async Task Several_keys_deleted_one_after_the_other_are_removed()
    {
        using FakeConfig config = new(TwoLayers, ("shared/a", "1"), ("app/a", "2"), ("app/b", "2"));

        config.Store.Push(("app/b", null));
        await config.ShowsAsync("b", null);
        config.Store.Push(("app/a", null));
        await config.ShowsAsync("a", "1");

        Assert.Empty(config.Errors);
    }

    [Theory]
    [InlineData(0, true, false, false)]
    [InlineData(1, false, false, false)]
    [InlineData(1, true, false, true)]
    [InlineData(1, false, true, true)]
    [InlineData(2, false, false, true)]
    public void An_empty_root_has_vanished_if_it_lost_several_keys_or_the_last_of_all_or_had_vanished_before(
        int keysInUse, bool isAllEmpty, bool hadVanished, bool keeps) =>
        Assert.Equal(keeps, VanishedRule.Keeps(new RootState("app") { HasVanished = hadVanished }, keysInUse, isAllEmpty));
}
