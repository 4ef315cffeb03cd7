using Microsoft.Extensions.Logging;

namespace ConfigClients.Tests;

/// <summary>A logger that fails whenever it is used.</summary>
internal sealed class ThrowingLogger : ILoggerFactory, ILogger
{
    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => throw new NotSupportedException();

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
        throw new NotSupportedException("No logger works for ever.");

    public void Dispose()
    {
    }
}
