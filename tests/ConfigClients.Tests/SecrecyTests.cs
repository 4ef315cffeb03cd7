using System.Text;
using ConfigClients.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Primitives;

namespace ConfigClients.Tests;

/// <summary>A value appears in the configuration and nowhere else, whatever goes wrong.</summary>
public sealed class SecrecyTests
{
    private readonly string _canary = $"CANARY-{Guid.NewGuid():N}";
    private readonly List<string> _said = [];

    [Fact]
    public async Task A_value_appears_nowhere_but_in_the_configuration()
    {
        using CapturedTelemetry telemetry = new();
        using FakeConfig config = new(
            options =>
            {
                options.CoalesceWindow = TimeSpan.Zero;
                options.StartupMode = StartupMode.Optional;
                options.DenySections.Add("Kestrel");
                Action<DistributedConfigError> keep = options.OnError!;
                options.OnError = error =>
                {
                    keep(error);
                    throw new InvalidOperationException(_canary);
                };
            },
            ("a", _canary), ("shop.json", $$"""{"name":"{{_canary}}"}"""), ("Kestrel/Endpoint", _canary), ("bad.json", $$"""{"n": {{_canary}}"""));
        using IDisposable bad = ChangeToken.OnChange(config.Root.GetReloadToken, () => throw new InvalidOperationException(_canary));

        await SpoilAsync(config);
        await LoseAsync(config);

        Assert.Equal(_canary, config.Root["shop:name"]);
        Assert.True(config.Errors.Select(error => error.Kind).Distinct().Count() >= 6, string.Join('\n', config.Errors));
        AssertSilent([.. _said, .. config.Log.Lines, .. telemetry.Lines, .. config.Errors.Select(Describe)]);
    }

    [Theory]
    [InlineData("\"{0}\"")]
    [InlineData("{\"a\":\"{0}\",\"A\":\"{0}\"}")]
    public void A_start_that_fails_does_not_quote_what_it_could_not_read(string document)
    {
        using CapturedLog log = new();
        FakeStore store = new();
        store.Write(("bad.json", document.Replace("{0}", _canary, StringComparison.Ordinal)));
        store.SaySnapshot();

        DistributedConfigException failure = Assert.Throws<DistributedConfigException>(() => new ConfigurationBuilder().AddDistributedConfig(options =>
        {
            options.Store.Use(store);
            options.LoggerFactory = log;
            options.StartupBrake = TimeSpan.Zero;
        }).Build());

        AssertSilent([failure.ToString(), failure.Error.ToString(), .. log.Lines]);
    }

    private static string Describe(DistributedConfigError error) =>
        error.Kind == DistributedConfigErrorKind.CallbackFailed ? error.ToString() : $"{error} {error.Key} {error.OtherKey} {error.Exception}";

    /// <summary>Everything that a store may hold and that is refused.</summary>
    private async Task SpoilAsync(FakeConfig config)
    {
        config.Store.Push(
            ("cut.json", $$"""{"n":"{{_canary}}"""), ("twice.json", $$"""{"n":"{{_canary}}","N":"{{_canary}}"}"""),
            ("plain.json", $"\"{_canary}\""), ("unpaired.json", $$"""{"n":"\ud800{{_canary}}"}"""),
            ("deep.json", $"{string.Concat(Enumerable.Repeat("{\"n\":", 70))}\"{_canary}\""),
            ("Kestrel/More", _canary), ("B/c", _canary), ("b/C", _canary), ("now", "1"));
        await config.ShowsAsync("now", "1");
        config.Store.WriteBytes(("bytes", [.. Encoding.UTF8.GetBytes(_canary), 0xFF]), ("now", "2"u8.ToArray()));
        config.Store.SaySnapshot();
        await config.ShowsAsync("now", "2");
        await ReadAsync(config);
    }

    /// <summary>Everything that may happen to a store.</summary>
    private async Task LoseAsync(FakeConfig config)
    {
        config.Store.Say(WatchBatch.Stale("gone", 1));
        await Eventually.HoldsAsync(() => config.Status.State == DistributedConfigState.Stale);
        config.Time.Advance(TimeSpan.FromMinutes(1));
        await ReadAsync(config);
        config.Store.Break(new StoreException(StoreError.Denied, "no"));
        await Eventually.HoldsAsync(() => config.Errors.Any(error => error.Kind == DistributedConfigErrorKind.Refused));
        config.Store.ListFault = new StoreException(StoreError.Denied, "no");
        _said.Add($"{await Record.ExceptionAsync(() => config.Refresher.RefreshAsync(TestContext.Current.CancellationToken))}");
        await ReadAsync(config);
        config.Store.Restore();
        config.Store.Break(null);
        await Eventually.HoldsAsync(() =>
        {
            config.Time.Advance(TimeSpan.FromSeconds(1));
            return config.Status.Vanished.Count > 0;
        });
        await ReadAsync(config);
    }

    private async Task ReadAsync(FakeConfig config)
    {
        HealthCheckResult health = await new StoreHealthCheck(config.Status, new StoreHealthOptions()).CheckHealthAsync(new HealthCheckContext(), TestContext.Current.CancellationToken);
        _said.Add($"{health.Status} {health.Description} {health.Exception} {string.Join(' ', health.Data)}");
        _said.Add($"{config.Status} {config.Status.State} {config.Status.StaleReason} {string.Join(' ', config.Status.Rejected)} {string.Join(' ', config.Status.Vanished)}");
        _said.Add($"{config.Refresher} {string.Join(' ', config.Root.Providers)}");
    }

    private void AssertSilent(IReadOnlyCollection<string> lines)
    {
        Assert.NotEmpty(lines);
        Assert.DoesNotContain(lines, line => line.Contains("CANARY", StringComparison.OrdinalIgnoreCase) || line.Contains(_canary[7..], StringComparison.OrdinalIgnoreCase));
    }
}
