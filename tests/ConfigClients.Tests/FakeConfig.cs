using System.Collections.Concurrent;
using ConfigClients.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Primitives;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Tests;

/// <summary>A configuration over a <see cref="FakeStore"/> and a fake clock, and what can be seen of it.</summary>
public sealed class FakeConfig : IDisposable
{
    private readonly IDisposable _registration;
    private readonly ServiceProvider _services;
    private int _reloads;

    public FakeConfig(Action<DistributedConfigOptions>? configure = null, params (string Key, string? Value)[] start)
    {
        Store.Write(start);
        Store.SaySnapshot();
        Root = new ConfigurationBuilder().AddDistributedConfig(options =>
        {
            options.Store.Use(Store);
            options.TimeProvider = Time;
            options.LoggerFactory = Log;
            options.OnError = Errors.Enqueue;
            options.StartupBrake = TimeSpan.Zero;
            options.AllowEmpty = true;
            configure?.Invoke(options);
        }).Build();
        _registration = ChangeToken.OnChange(Root.GetReloadToken, () => Interlocked.Increment(ref _reloads));
        _services = new ServiceCollection().AddDistributedConfig(Root).BuildServiceProvider();
    }

    public FakeStore Store { get; } = new();

    public FakeTimeProvider Time { get; } = new();

    public CapturedLog Log { get; } = new();

    public ConcurrentQueue<DistributedConfigError> Errors { get; } = new();

    public IConfigurationRoot Root { get; }

    public int Reloads => Volatile.Read(ref _reloads);

    public IDistributedConfigStatus Status => _services.GetRequiredService<IDistributedConfigStatus>();

    public IDistributedConfigRefresher Refresher => _services.GetRequiredService<IDistributedConfigRefresher>();

    public Task ShowsAsync(string key, string? value) => Eventually.HoldsAsync(() => Root[key] == value);

    public void Dispose()
    {
        _registration.Dispose();
        _services.Dispose();
        (Root as IDisposable)?.Dispose();
    }
}
