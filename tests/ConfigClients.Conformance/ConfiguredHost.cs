using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;

namespace ConfigClients.Conformance;

/// <summary>A worker whose configuration comes out of a store, and what can be seen of it from outside.</summary>
public sealed class ConfiguredHost : IAsyncDisposable
{
    private readonly IHost _host;
    private readonly IDisposable _reloads;
    private readonly ConcurrentQueue<DistributedConfigError> _errors = new();
    private int _reloadCount;

    private ConfiguredHost(StoreFixture fixture, string prefix, Action<DistributedConfigOptions>? configure)
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddDistributedConfig(options =>
        {
            fixture.Choose(options.Store);
            options.Prefix = prefix;
            options.CoalesceWindow = TimeSpan.Zero;
            options.StartupBrake = TimeSpan.Zero;
            options.OnError = _errors.Enqueue;
            configure?.Invoke(options);
        });
        builder.Services.Configure<TestOptions>(builder.Configuration.GetSection("options"));
        _host = builder.Build();
        Configuration = builder.Configuration;
        _reloads = ChangeToken.OnChange(Configuration.GetReloadToken, () => Interlocked.Increment(ref _reloadCount));
    }

    /// <summary>The configuration.</summary>
    public IConfiguration Configuration { get; }

    /// <summary>Everything that went wrong so far, oldest first.</summary>
    public IReadOnlyCollection<DistributedConfigError> Errors => _errors;

    /// <summary>How often the configuration was reloaded.</summary>
    public int Reloads => Volatile.Read(ref _reloadCount);

    /// <summary>How the configuration stands to the store.</summary>
    public IDistributedConfigStatus Status => _host.Services.GetRequiredService<IDistributedConfigStatus>();

    /// <summary>Reads the store on demand.</summary>
    public IDistributedConfigRefresher Refresher => _host.Services.GetRequiredService<IDistributedConfigRefresher>();

    /// <summary>The section <c>options</c>, as an application sees it.</summary>
    public IOptionsMonitor<TestOptions> Monitor => _host.Services.GetRequiredService<IOptionsMonitor<TestOptions>>();

    /// <summary>One setting.</summary>
    /// <param name="path">Its path.</param>
    public string? this[string path] => Configuration[path];

    /// <summary>Loads the configuration, with a coalescing window of zero and no brake, and starts the host.</summary>
    /// <param name="fixture">Where the store is.</param>
    /// <param name="prefix">Where the configuration lies in it.</param>
    /// <param name="configure">Further options. Default: none.</param>
    /// <returns>The host.</returns>
    public static async Task<ConfiguredHost> StartAsync(StoreFixture fixture, string prefix, Action<DistributedConfigOptions>? configure = null)
    {
        ConfiguredHost host = new(fixture, prefix, configure);
        await host._host.StartAsync();
        return host;
    }

    /// <summary>Waits until a setting has this value.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="value">The value, or null for none.</param>
    /// <returns>When it has.</returns>
    public Task ShowsAsync(string path, string? value) => Eventually.HoldsAsync(() => this[path] == value);

    /// <summary>Waits until an error of a kind was told.</summary>
    /// <param name="kind">The kind.</param>
    /// <returns>The first of that kind.</returns>
    public async Task<DistributedConfigError> TellsAsync(DistributedConfigErrorKind kind)
    {
        await Eventually.HoldsAsync(() => _errors.Any(error => error.Kind == kind));
        return _errors.First(error => error.Kind == kind);
    }

    /// <summary>The options as a scope that begins now sees them.</summary>
    /// <returns>The options.</returns>
    public TestOptions Snapshot()
    {
        using IServiceScope scope = _host.Services.CreateScope();
        return scope.ServiceProvider.GetRequiredService<IOptionsSnapshot<TestOptions>>().Value;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        _reloads.Dispose();
        await _host.StopAsync();
        await ((IAsyncDisposable)_host).DisposeAsync();
    }
}
