using Microsoft.Extensions.Logging;

namespace ConfigClients.Configuration;

/// <summary>Events 6000 to 6999. An id is never reused, even after its event is removed. Never a value, never a credential.</summary>
internal static partial class Log
{
    [LoggerMessage(6000, LogLevel.Information, "Configuration loaded from the {Store} store: {KeyCount} settings at revision {Revision} in {ElapsedMs} ms.")]
    public static partial void Loaded(ILogger logger, string store, int keyCount, long revision, double elapsedMs);

    [LoggerMessage(6001, LogLevel.Warning, "Starting without a complete configuration, because it is optional: {Reason} It is filled in when it can be had.")]
    public static partial void StartedWithout(ILogger logger, string reason);

    [LoggerMessage(6002, LogLevel.Information, "Configuration reloaded at revision {Revision}: {ChangeCount} settings changed.")]
    public static partial void Reloaded(ILogger logger, long revision, int changeCount);

    [LoggerMessage(6003, LogLevel.Warning, "Configuration is stale: {Reason} The last good values stay in use.")]
    public static partial void Stale(ILogger logger, string reason);

    [LoggerMessage(6004, LogLevel.Information, "Configuration is live again at revision {Revision}.")]
    public static partial void Live(ILogger logger, long revision);

    [LoggerMessage(6005, LogLevel.Error, "A change was rejected, and the last good value stays in use: {Reason}")]
    public static partial void Rejected(ILogger logger, string reason);

    [LoggerMessage(6006, LogLevel.Error, "{Reason} The last good values stay in use until something is there again.")]
    public static partial void Vanished(ILogger logger, string reason);

    [LoggerMessage(6007, LogLevel.Warning, "Key \"{Key}\" sets something in a section that the store may not set; that part was ignored.")]
    public static partial void Denied(ILogger logger, string key);

    [LoggerMessage(6008, LogLevel.Error, "A callback for changed configuration threw {ExceptionType}. The new values are in place; the exception is not written here because it may quote a value.")]
    public static partial void CallbackFailed(ILogger logger, string exceptionType);

    [LoggerMessage(6009, LogLevel.Error, "Taking in a change failed with {ExceptionType}; the last good values stay in use. This is a defect.")]
    public static partial void Unexpected(ILogger logger, string exceptionType);

    [LoggerMessage(6010, LogLevel.Warning, "The store's revision of \"{Prefix}\" went back to {Revision}: watching anew.")]
    public static partial void WentBack(ILogger logger, string prefix, long revision);
}
