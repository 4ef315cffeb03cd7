using Microsoft.Extensions.Logging;

namespace ConfigClients.Embedded;

/// <summary>Events 2000 to 2999. An id is never reused, even after its event is removed. Never a value, never a credential.</summary>
internal static partial class Log
{
    [LoggerMessage(2001, LogLevel.Debug, "Embedded store opened: {Place}.")]
    public static partial void Opened(ILogger logger, string place);

    [LoggerMessage(2002, LogLevel.Information, "Ended {Count} sessions that were open when this machine was last restarted; their keys are gone.")]
    public static partial void SessionsOfEarlierBootEnded(ILogger logger, int count);

    [LoggerMessage(2003, LogLevel.Debug, "Embedded store: looking for changes failed ({Error}): {Reason} It is tried again at the next poll.")]
    public static partial void PollFailed(ILogger logger, StoreError error, string reason);

    [LoggerMessage(2004, LogLevel.Information, "Session {SessionId} could not be ended in the store ({Error}); its keys go with its TTL.")]
    public static partial void SessionNotEnded(ILogger logger, string sessionId, StoreError error);
}
