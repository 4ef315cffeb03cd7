using ConfigClients.Conformance;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace ConfigClients.Tests;

public sealed class StoreHealthTests
{
    [Theory]
    [InlineData(30, HealthStatus.Healthy)]
    [InlineData(31, HealthStatus.Degraded)]
    [InlineData(900, HealthStatus.Degraded)]
    [InlineData(901, HealthStatus.Unhealthy)]
    public async Task Health_follows_how_long_the_configuration_has_been_stale(int seconds, HealthStatus expected)
    {
        using FakeConfig config = new(null, ("a", "1"));

        await LoseAsync(config, TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, (await CheckAsync(config, new StoreHealthOptions())).Status);
    }

    [Fact]
    public async Task Without_an_upper_threshold_stale_is_never_unhealthy()
    {
        using FakeConfig config = new(null, ("a", "1"));

        await LoseAsync(config, TimeSpan.FromDays(10));

        Assert.Equal(HealthStatus.Degraded, (await CheckAsync(config, new StoreHealthOptions { UnhealthyAfter = Timeout.InfiniteTimeSpan })).Status);
    }

    [Fact]
    public async Task A_rejected_key_is_degraded_until_it_is_put_right()
    {
        using FakeConfig config = new(options => options.CoalesceWindow = TimeSpan.Zero, ("a", "1"));

        config.Store.Push(("bad.json", "{"), ("a", "2"));
        await config.ShowsAsync("a", "2");
        HealthCheckResult bad = await CheckAsync(config, new StoreHealthOptions());
        config.Store.Push(("bad.json", "{}"), ("a", "3"));
        await config.ShowsAsync("a", "3");

        Assert.Equal((HealthStatus.Degraded, HealthStatus.Healthy), (bad.Status, (await CheckAsync(config, new StoreHealthOptions())).Status));
        Assert.Contains("bad.json", bad.Description, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(-1, 900)]
    [InlineData(60, 30)]
    public void Thresholds_that_make_no_sense_are_refused(int degradedSeconds, int unhealthySeconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new ServiceCollection().AddHealthChecks().AddDistributedConfig(health =>
            (health.DegradedAfter, health.UnhealthyAfter) = (TimeSpan.FromSeconds(degradedSeconds), TimeSpan.FromSeconds(unhealthySeconds))));

    private static async Task LoseAsync(FakeConfig config, TimeSpan since)
    {
        config.Store.Say(WatchBatch.Stale("gone", 1));
        await Eventually.HoldsAsync(() => config.Status.State == DistributedConfigState.Stale && !config.Errors.IsEmpty);
        config.Time.Advance(since);
    }

    private static Task<HealthCheckResult> CheckAsync(FakeConfig config, StoreHealthOptions options) =>
        new StoreHealthCheck(config.Status, options).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
}
