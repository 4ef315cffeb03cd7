using Microsoft.Extensions.Logging;

namespace ConfigClients.Configuration;

/// <summary>One store object and everything that keeps a configuration in step with it.</summary>
/// <remarks>Owned by its <see cref="DistributedConfigSource"/>, which counts who uses it and disposes it with the last one.</remarks>
internal sealed class ConfigConnection : IDistributedConfigRefresher, IAsyncDisposable
{
    private static readonly TimeSpan LongestCallback = TimeSpan.FromSeconds(5);

    private readonly DistributedConfigOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly RootFeed[] _feeds;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private Task? _start;
    private Task _run = Task.CompletedTask;

    public ConfigConnection(DistributedConfigOptions options, ILoggerFactory loggers)
    {
        _options = options;
        _time = options.TimeProvider;
        _logger = new QuietLogger(loggers.CreateLogger("ConfigClients.Configuration"));
        Store = options.Store.Build();
        Sync = new ConfigSync(options, _logger);
        _feeds = [.. Sync.Roots.Select(root => new RootFeed(Store, root, Sync, options, _logger))];
    }

    public IConfigStore Store { get; }

    public ConfigSync Sync { get; }

    /// <summary>Loads the configuration, once; every caller waits for the same.</summary>
    /// <exception cref="DistributedConfigException">It is required and cannot be had.</exception>
    public Task StartAsync()
    {
        lock (_lock)
        {
            return _start ??= StartOnceAsync();
        }
    }

    public async Task RefreshAsync(CancellationToken cancellationToken = default)
    {
        // Asked before the first wait: afterwards this may be another thread.
        bool isInCallback = Sync.IsInCallback;
        foreach (RootFeed feed in _feeds)
        {
            await feed.ListAsync(cancellationToken).ConfigureAwait(false);
        }

        Task applied = Sync.ApplyAsync();
        await (isInCallback ? Task.CompletedTask : applied).WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Ends the feeds and closes the store.</summary>
    /// <returns>When that is done. A change callback that disposes its own host is not waited for: that would be waiting for itself.</returns>
    public ValueTask DisposeAsync()
    {
        Task closed = CloseAsync();
        return Sync.IsInCallback ? ValueTask.CompletedTask : new ValueTask(closed);
    }

    private async Task CloseAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        Sync.Dispose();

        // The time-out is for a callback that blocks; the store is closed under it.
        await _run.WaitAsync(LongestCallback).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Store.DisposeAsync().ConfigureAwait(false);
    }

    private async Task StartOnceAsync()
    {
        _run = Task.Run(() => Task.WhenAll(_feeds.Select(feed => feed.RunAsync(_stop.Token))));
        ConfigStartup startup = new(Sync, _options, Store.Kind, _logger);
        await startup.RunAsync(_stop.Token).ConfigureAwait(false);
    }
}
