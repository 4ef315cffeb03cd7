using Microsoft.Extensions.Logging;

namespace ConfigClients.Consul;

/// <summary>Events 3000 to 3999. An id is never reused, even after its event is removed. Never a value, never a credential.</summary>
internal static partial class Log
{
    [LoggerMessage(3001, LogLevel.Warning, "Endpoint {Failed} failed; requests go to {Next} from now on.")]
    public static partial void EndpointLeft(ILogger logger, string failed, string next);

    [LoggerMessage(3002, LogLevel.Debug, "Listing of \"{Prefix}\" left out {Count} keys that are not keys of this SDK, such as folders that end with a slash.")]
    public static partial void ForeignKeysLeftOut(ILogger logger, string prefix, int count);

    [LoggerMessage(3003, LogLevel.Warning, "Listing of \"{Prefix}\" held {Count} keys that lie outside it; they were dropped. Something else may answer at this address.")]
    public static partial void KeysOutsidePrefix(ILogger logger, string prefix, int count);

    [LoggerMessage(3010, LogLevel.Warning, "All {Limit} connections for watches are in use; further watches poll every one to two seconds. Watch fewer prefixes, or raise MaxWatchConnections within the server's limit of connections per client.")]
    public static partial void WatchSlotsExhausted(ILogger logger, int limit);

    [LoggerMessage(3011, LogLevel.Debug, "Watch of \"{Prefix}\" shares the query of \"{SharedPrefix}\".")]
    public static partial void WatchShared(ILogger logger, string prefix, string sharedPrefix);

    [LoggerMessage(3020, LogLevel.Debug, "Session {SessionId} could not be ended in the store ({Reason}); its keys go when its TTL has passed.")]
    public static partial void SessionNotDestroyed(ILogger logger, string sessionId, string reason);
}
