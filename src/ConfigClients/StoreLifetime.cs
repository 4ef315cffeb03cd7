using ConfigClients.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace ConfigClients;

/// <summary>Keeps the store open for as long as a host has it, and gives it the host's logger.</summary>
internal sealed class StoreLifetime(DistributedConfigSource source) : IHostedService, IAsyncDisposable
{
    private int _disposed;

    /// <summary>The connection that is kept open.</summary>
    public ConfigConnection Connection { get; } = source.Acquire();

    /// <summary>The host is there.</summary>
    public StoreLifetime Attach(IServiceProvider services)
    {
        if (services.GetService<ILoggerFactory>() is { } loggers)
        {
            source.Attach(loggers);
        }

        return this;
    }

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public ValueTask DisposeAsync() => Interlocked.Exchange(ref _disposed, 1) == 0 ? source.Release() : ValueTask.CompletedTask;
}
