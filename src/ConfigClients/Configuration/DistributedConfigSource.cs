using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Configuration;

/// <summary>One <c>AddDistributedConfig()</c>: hands the same connection to every provider built from it, for as long as anybody uses it.</summary>
/// <remarks>
/// Whoever edits the list of sources has all of them built and loaded again; sharing the connection makes that cost nothing.
/// </remarks>
#pragma warning disable CA1001 // The deferred loggers are disposable only because ILoggerFactory is; they hold nothing.
internal sealed class DistributedConfigSource : IConfigurationSource
#pragma warning restore CA1001
{
    private readonly Lock _lock = new();
    private readonly DistributedConfigOptions _options;
    private readonly DeferredLoggerFactory _deferred = new();
    private readonly ILoggerFactory _loggers;
    private ConfigConnection? _connection;
    private int _users;

    /// <summary>Makes a source of options that are complete.</summary>
    /// <param name="options">The options.</param>
    /// <param name="unreadable">What operators said and could not be understood.</param>
    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">They are not valid; all faults are listed.</exception>
    public DistributedConfigSource(DistributedConfigOptions options, IEnumerable<string> unreadable)
    {
        DistributedConfigOptionsRules.Check(options, unreadable);
        _options = options;
        _loggers = options.LoggerFactory ?? _deferred;
        options.Store.UseLoggerFactory(_loggers).UseTimeProvider(options.TimeProvider);
        if (options.Address is { } address)
        {
            options.Store.UseAddress(address);
        }
    }

    public IConfigurationProvider Build(IConfigurationBuilder builder) => new DistributedConfigProvider(this);

    /// <summary>From now on logs go there, unless the options say otherwise.</summary>
    public void Attach(ILoggerFactory loggers) => _deferred.Attach(loggers);

    /// <summary>Starts using the connection.</summary>
    /// <returns>The connection, until <see cref="Release"/>.</returns>
    public ConfigConnection Acquire()
    {
        lock (_lock)
        {
            _connection ??= new ConfigConnection(_options, _loggers);
            _users++;
            return _connection;
        }
    }

    /// <summary>Stops using the connection; the last one disposes it.</summary>
    /// <returns>When it is disposed, if it is.</returns>
    public ValueTask Release()
    {
        ConfigConnection? last = null;
        lock (_lock)
        {
            if (--_users == 0)
            {
                last = _connection;
                _connection = null;
            }
        }

        return last?.DisposeAsync() ?? ValueTask.CompletedTask;
    }
}
