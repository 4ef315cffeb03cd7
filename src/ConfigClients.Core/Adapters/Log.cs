using Microsoft.Extensions.Logging;

namespace ConfigClients.Adapters;

/// <summary>Events 1000 to 1999. An id is never reused, even after its event is removed. Never a value, never a credential.</summary>
internal static partial class Log
{
    [LoggerMessage(1001, LogLevel.Warning, "Session {SessionId} suspended: no heartbeat confirmed for {SilenceMs} ms (TTL {TtlMs} ms).")]
    public static partial void SessionSuspended(ILogger logger, string sessionId, double silenceMs, double ttlMs);

    [LoggerMessage(1002, LogLevel.Error, "Session {SessionId} lost ({Reason}) {SilenceMs} ms after its last confirmed heartbeat. Locks and memberships held through it are no longer valid.")]
    public static partial void SessionLost(ILogger logger, string sessionId, SessionEndReason reason, double silenceMs);

    [LoggerMessage(1003, LogLevel.Information, "Session {SessionId} healthy again: a heartbeat was confirmed.")]
    public static partial void SessionResumed(ILogger logger, string sessionId);

    [LoggerMessage(1004, LogLevel.Debug, "Session {SessionId}: heartbeat failed ({Reason}); trying again in {DelayMs} ms.")]
    public static partial void HeartbeatFailed(ILogger logger, string sessionId, string reason, double delayMs);

    [LoggerMessage(1010, LogLevel.Warning, "Watch of \"{Prefix}\" is stale: {Reason} What was delivered may be out of date until the store can be reached again.")]
    public static partial void WatchStale(ILogger logger, string prefix, string reason);

    [LoggerMessage(1011, LogLevel.Information, "Watch of \"{Prefix}\" is live again at revision {Revision}.")]
    public static partial void WatchLive(ILogger logger, string prefix, long revision);

    [LoggerMessage(1012, LogLevel.Warning, "Watch of \"{Prefix}\" had a gap ({Reason}); a snapshot at revision {Revision} was delivered.")]
    public static partial void WatchGap(ILogger logger, string prefix, string reason, long revision);

    [LoggerMessage(1020, LogLevel.Debug, "Request failed before it could take effect ({Reason}); trying again in {DelayMs} ms (attempt {Attempt}).")]
    public static partial void Retrying(ILogger logger, string reason, double delayMs, int attempt);

    [LoggerMessage(1030, LogLevel.Information, "The client certificate was read again from its file; it expires {ExpiresAt:u}.")]
    public static partial void ClientCertificateReloaded(ILogger logger, DateTime expiresAt);

    [LoggerMessage(1031, LogLevel.Error, "The certificate files could not be read again ({Reason}); the ones read before stay in use.")]
    public static partial void CertificatesNotReloaded(ILogger logger, string reason);
}
