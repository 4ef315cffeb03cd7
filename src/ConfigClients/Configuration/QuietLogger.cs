using Microsoft.Extensions.Logging;

namespace ConfigClients.Configuration;

/// <summary>Passes on to a logger and swallows what that throws.</summary>
/// <remarks>
/// A logging provider may throw, and so does a logger factory that its host has disposed. Most messages are written on a timer's
/// or a feed's thread, where that would end the process or the feed.
/// </remarks>
internal sealed class QuietLogger(ILogger inner) : ILogger
{
    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel)
    {
        try
        {
            return inner.IsEnabled(logLevel);
        }
#pragma warning disable CA1031 // There is nowhere left to say it.
        catch (Exception)
#pragma warning restore CA1031
        {
            return false;
        }
    }

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        try
        {
            inner.Log(logLevel, eventId, state, exception, formatter);
        }
#pragma warning disable CA1031 // As above.
        catch (Exception)
#pragma warning restore CA1031
        {
            // A message is lost; the configuration goes on.
        }
    }
}
