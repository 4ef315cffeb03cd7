using Microsoft.Extensions.Logging;

namespace ConfigClients.ZooKeeper;

/// <summary>Events 5000 to 5999. An id is never reused, even after its event is removed. Never data, never a credential.</summary>
internal static partial class Log
{
    [LoggerMessage(5001, LogLevel.Information, "Session {SessionId} began at {Server} with a time-out of {GrantedMs} ms ({AskedMs} ms were asked for).")]
    public static partial void SessionBegun(ILogger logger, string sessionId, string server, double grantedMs, double askedMs);

    [LoggerMessage(5002, LogLevel.Information, "Session {SessionId} goes on at {Server}.")]
    public static partial void SessionResumed(ILogger logger, string sessionId, string server);

    [LoggerMessage(5003, LogLevel.Error, "Session {SessionId} is over ({Reason}); its ephemeral nodes are no longer yours.")]
    public static partial void SessionOver(ILogger logger, string sessionId, SessionEndReason reason);

    [LoggerMessage(5004, LogLevel.Debug, "Session {SessionId} could not be closed at the ensemble ({Reason}); its ephemeral nodes go when its time-out has passed.")]
    public static partial void SessionNotClosed(ILogger logger, string sessionId, string reason);

    [LoggerMessage(5005, LogLevel.Error, "The ensemble's history went back from transaction {Seen} to {Now}: it was wiped or restored.")]
    public static partial void StoreReset(ILogger logger, long seen, long now);

    [LoggerMessage(5006, LogLevel.Error, "A credential was refused. The client gives up; make a new one with other credentials.")]
    public static partial void AuthFailed(ILogger logger);

    [LoggerMessage(5007, LogLevel.Warning, "The connection to {Server} is lost ({Reason}).")]
    public static partial void ConnectionLost(ILogger logger, string server, string reason);

    [LoggerMessage(5008, LogLevel.Debug, "{Server} did not take a connection: {Reason}")]
    public static partial void ServerFailed(ILogger logger, string server, string reason);

    [LoggerMessage(5020, LogLevel.Error, "An observer of \"{Path}\" threw; it keeps its subscription.")]
    public static partial void ObserverFailed(ILogger logger, string path, Exception failure);

    [LoggerMessage(5021, LogLevel.Error, "A listener to the client's state threw.")]
    public static partial void ListenerFailed(ILogger logger, Exception failure);
}
