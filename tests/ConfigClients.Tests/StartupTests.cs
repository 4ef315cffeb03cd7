using System.Diagnostics;
using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using Microsoft.Extensions.Configuration;

namespace ConfigClients.Tests;

public sealed class StartupTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    private static IConfigurationRoot Build(Uri server, string prefix, Action<DistributedConfigOptions>? configure = null) =>
        new ConfigurationBuilder().AddDistributedConfig(options =>
        {
            options.Store.UseConsul();
            options.Address = $"consul://{server.Host}:{server.Port}/{prefix}";
            options.StartupBudget = TimeSpan.FromSeconds(2);
            options.StartupBrake = TimeSpan.FromSeconds(1);
            options.CoalesceWindow = TimeSpan.Zero;
            configure?.Invoke(options);
        }).Build();

    private static DistributedConfigError Refused(Action build) => Assert.Throws<DistributedConfigException>(build).Error;

    [Fact]
    public void Required_with_nothing_listening_fails_at_the_budget_as_unavailable()
    {
        long start = Stopwatch.GetTimestamp();

        DistributedConfigError error = Refused(() => Build(new Uri("http://127.0.0.1:1"), "p"));

        Assert.Equal(DistributedConfigErrorKind.Unavailable, error.Kind);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 2, 4);
    }

    [Fact]
    public async Task Optional_starts_without_the_store_and_fills_in_when_it_comes_up()
    {
        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Cancelled);
        await using IConfigStore writer = new ConfigStoreBuilder().UseConsul().UseAddress($"consul://{consul.Host}:{consul.Port}/p").Build();
        await writer.SetAsync("a", "1", cancellationToken: Cancelled);
        await using FaultProxy proxy = FaultProxy.Start(consul.Endpoint);
        proxy.Refuse();

        using ConfigurationRoot root = (ConfigurationRoot)Build(proxy.Endpoint, "p", options => options.StartupMode = StartupMode.Optional);
        Assert.Null(root["a"]);
        proxy.Listen();

        await Eventually.HoldsAsync(() => root["a"] == "1", TimeSpan.FromSeconds(20));
    }

    [Fact]
    public async Task An_empty_prefix_and_a_bad_document_are_errors_of_their_own()
    {
        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Cancelled);
        await using IConfigStore writer = new ConfigStoreBuilder().UseConsul().UseAddress($"consul://{consul.Host}:{consul.Port}").Build();
        await writer.SetAsync("bad/db.json", "{", cancellationToken: Cancelled);

        Assert.Equal(DistributedConfigErrorKind.Empty, Refused(() => Build(consul.Endpoint, "missing")).Kind);
        Assert.Equal((DistributedConfigErrorKind.InvalidValue, "db.json"), Refused(() => Build(consul.Endpoint, "bad")) is { } error ? (error.Kind, error.Key) : default);
    }

    [Fact]
    public async Task An_outage_keeps_the_values_and_the_change_behind_it_arrives()
    {
        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Cancelled);
        await using IConfigStore writer = new ConfigStoreBuilder().UseConsul().UseAddress($"consul://{consul.Host}:{consul.Port}/p").Build();
        await writer.SetAsync("a", "1", cancellationToken: Cancelled);
        await using FaultProxy proxy = FaultProxy.Start(consul.Endpoint);
        using ConfigurationRoot root = (ConfigurationRoot)Build(proxy.Endpoint, "p");

        proxy.Refuse();
        proxy.ResetAll();
        await writer.SetAsync("a", "2", cancellationToken: Cancelled);
        Assert.Equal("1", root["a"]);
        proxy.Listen();

        await Eventually.HoldsAsync(() => root["a"] == "2", TimeSpan.FromSeconds(20));
    }
}
