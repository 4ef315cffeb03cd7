using Microsoft.Extensions.Logging;

namespace ConfigClients.Etcd;

/// <summary>Events 4000 to 4999. An id is never reused, even after its event is removed. Never a value, never a credential.</summary>
internal static partial class Log
{
    [LoggerMessage(4001, LogLevel.Warning, "Member {Member} is left alone until it is well again: {Reason}")]
    public static partial void MemberLeft(ILogger logger, string member, string reason);

    [LoggerMessage(4002, LogLevel.Information, "Member {Member} is well again; requests go to it, too.")]
    public static partial void MemberBack(ILogger logger, string member);

    [LoggerMessage(4003, LogLevel.Warning, "Member {Member} runs etcd {Version}. Before 3.5.13, watches can miss events without a word after a compaction, and sessions can end early. Use 3.5.28, 3.6.9 or newer.")]
    public static partial void VersionLosesEvents(ILogger logger, string member, string version);

    [LoggerMessage(4004, LogLevel.Debug, "Listing of \"{Prefix}\" left out {Count} keys that are not keys of this SDK, such as folders that end with a slash.")]
    public static partial void ForeignKeysLeftOut(ILogger logger, string prefix, int count);

    [LoggerMessage(4010, LogLevel.Debug, "The token is not good any more; a new one is fetched.")]
    public static partial void TokenRefused(ILogger logger);

    [LoggerMessage(4011, LogLevel.Information, "A user is configured, but the server has authentication switched off; requests go without a token.")]
    public static partial void AuthenticationIsOff(ILogger logger);

    [LoggerMessage(4020, LogLevel.Debug, "Session {SessionId} could not be ended in the store ({Reason}); its keys go when its TTL has passed.")]
    public static partial void SessionNotRevoked(ILogger logger, string sessionId, string reason);

    [LoggerMessage(4030, LogLevel.Debug, "The watch stream at {Member} is over ({Reason}); its {Count} watches go on from the revisions that they have reached.")]
    public static partial void WatchStreamEnded(ILogger logger, string member, string reason, int count);
}
