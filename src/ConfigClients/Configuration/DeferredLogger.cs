using Microsoft.Extensions.Logging;

namespace ConfigClients.Configuration;

/// <summary>One category of a <see cref="DeferredLoggerFactory"/>.</summary>
internal sealed class DeferredLogger(DeferredLoggerFactory owner, string category) : ILogger
{
    private ILogger? _target;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => Target?.BeginScope(state);

    public bool IsEnabled(LogLevel logLevel) => Target?.IsEnabled(logLevel) ?? logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (Target is { } target)
        {
            target.Log(logLevel, eventId, state, exception, formatter);
        }
        else
        {
            owner.Keep(loggers => loggers.CreateLogger(category).Log(logLevel, eventId, state, exception, formatter));
        }
    }

    private ILogger? Target => _target ??= owner.Target?.CreateLogger(category);
}
