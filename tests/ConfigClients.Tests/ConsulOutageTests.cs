using System.Diagnostics;
using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using Microsoft.Extensions.Configuration;

namespace ConfigClients.Tests;

/// <summary>F55: a server that accepts and never answers.</summary>
public sealed class ConsulOutageTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Required_with_a_server_that_never_answers_is_one_clear_error_at_the_budget()
    {
        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        await using FaultProxy proxy = FaultProxy.Start((await SharedConsul.GetAsync()).Endpoint);
        proxy.NewConnections = AcceptBehavior.BlackHole;
        long start = Stopwatch.GetTimestamp();

        DistributedConfigException failure = Assert.Throws<DistributedConfigException>(
            () => Build(proxy.Endpoint, "black-hole", options => options.StartupBudget = TimeSpan.FromSeconds(3)));

        Assert.Equal(DistributedConfigErrorKind.Unavailable, failure.Error.Kind);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 3, 6);
    }

    [Fact]
    public async Task Optional_with_a_server_that_never_answers_starts_after_one_request_and_fills_in_later()
    {
        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        ConsulBackend consul = await SharedConsul.GetAsync();
        string prefix = $"t-{Guid.NewGuid():N}";
        await using IConfigStore writer = new ConfigStoreBuilder().UseConsul().UseAddress($"consul://{consul.Host}:{consul.Port}/{prefix}").Build();
        await writer.SetAsync("a", "1", cancellationToken: Cancelled);
        await using FaultProxy proxy = FaultProxy.Start(consul.Endpoint);
        proxy.NewConnections = AcceptBehavior.BlackHole;
        long start = Stopwatch.GetTimestamp();

        using ConfigurationRoot root = (ConfigurationRoot)Build(proxy.Endpoint, prefix, options => options.StartupMode = StartupMode.Optional);
        Assert.InRange(Stopwatch.GetElapsedTime(start).TotalSeconds, 0, 10);
        Assert.Null(root["a"]);
        proxy.NewConnections = AcceptBehavior.Forward;

        await Eventually.HoldsAsync(() => root["a"] == "1", TimeSpan.FromSeconds(30));
    }

    private static IConfigurationRoot Build(Uri server, string prefix, Action<DistributedConfigOptions> configure) =>
        new ConfigurationBuilder().AddDistributedConfig(options =>
        {
            options.Store.UseConsul();
            options.Address = $"consul://{server.Host}:{server.Port}/{prefix}";
            options.CoalesceWindow = TimeSpan.Zero;
            configure(options);
        }).Build();
}
