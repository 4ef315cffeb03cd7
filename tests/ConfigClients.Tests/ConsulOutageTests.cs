using System.Collections.Concurrent;
using System.Diagnostics;
using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;
using ConfigClients.Conformance.Faults;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace ConfigClients.Tests;

/// <summary>F1, F23, F55: a server that is killed, behind a network that flaps, or that accepts and never answers.</summary>
public sealed class ConsulOutageTests
{
    private readonly ConcurrentQueue<DistributedConfigError> _errors = new();
    private int _reloads;

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

    [Fact]
    public async Task A_server_killed_and_restarted_costs_no_value_and_no_reload()
    {
        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        await using ConsulBackend consul = await ConsulBackend.StartAsync(cancellationToken: Cancelled);
        await using IConfigStore writer = new ConfigStoreBuilder().UseConsul().UseAddress($"consul://{consul.Host}:{consul.Port}/p").Build();
        await writer.SetAsync("a", "1", cancellationToken: Cancelled);
        using ConfigurationRoot root = (ConfigurationRoot)Build(consul.Endpoint, "p", options => options.OnError = _errors.Enqueue);
        using IDisposable counting = Count(root);

        await consul.KillAsync();
        await Eventually.HoldsAsync(() => _errors.Any(error => error.Kind == DistributedConfigErrorKind.Unavailable));
        Assert.Equal(("1", 0), (root["a"], Volatile.Read(ref _reloads)));
        await consul.RestartAsync();
        await Eventually.ReadAsync(() => AppliedAsync(writer, "b", "new"), applied => applied, TimeSpan.FromSeconds(30));

        await Eventually.HoldsAsync(() => root["b"] == "new", TimeSpan.FromSeconds(30));
        Assert.Equal(("1", 1), (root["a"], Volatile.Read(ref _reloads)));
    }

    [Fact]
    public async Task A_flapping_network_reloads_once_per_change()
    {
        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        ConsulBackend consul = await SharedConsul.GetAsync();
        string prefix = $"t-{Guid.NewGuid():N}";
        await using IConfigStore writer = new ConfigStoreBuilder().UseConsul().UseAddress($"consul://{consul.Host}:{consul.Port}/{prefix}").Build();
        await writer.SetAsync("a", "0", cancellationToken: Cancelled);
        await using FaultProxy proxy = FaultProxy.Start(consul.Endpoint);
        using ConfigurationRoot root = (ConfigurationRoot)Build(proxy.Endpoint, prefix, options => options.OnError = _errors.Enqueue);
        using IDisposable counting = Count(root);

        for (int i = 1; i <= 4; i++)
        {
            proxy.Refuse();
            proxy.ResetAll();
            await Eventually.HoldsAsync(() => _errors.Count == i);
            await writer.SetAsync("a", $"{i}", cancellationToken: Cancelled);
            proxy.Listen();
            await Eventually.HoldsAsync(() => root["a"] == $"{i}", TimeSpan.FromSeconds(30));
        }

        await Eventually.HoldsAsync(() => Volatile.Read(ref _reloads) == 4);
        Assert.All(_errors, error => Assert.Equal(DistributedConfigErrorKind.Unavailable, error.Kind));
    }

    private static async Task<bool> AppliedAsync(IConfigStore store, string key, string value)
    {
        try
        {
            return (await store.SetAsync(key, value, cancellationToken: Cancelled)).Applied;
        }
        catch (StoreException e) when (e.IsTransient)
        {
            return false;
        }
    }

    private IDisposable Count(ConfigurationRoot root) => ChangeToken.OnChange(root.GetReloadToken, () => Interlocked.Increment(ref _reloads));

    private static IConfigurationRoot Build(Uri server, string prefix, Action<DistributedConfigOptions> configure) =>
        new ConfigurationBuilder().AddDistributedConfig(options =>
        {
            options.Store.UseConsul();
            options.Address = $"consul://{server.Host}:{server.Port}/{prefix}";
            options.CoalesceWindow = TimeSpan.Zero;
            configure(options);
        }).Build();
}
