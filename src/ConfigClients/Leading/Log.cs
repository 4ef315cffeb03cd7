using Microsoft.Extensions.Logging;

namespace ConfigClients.Leading;

/// <summary>Events 6020 to 6029, of the front door's range. An id is never reused, even after its event is removed. Never a value of the store.</summary>
internal static partial class Log
{
    [LoggerMessage(6020, LogLevel.Information, "This process leads \"{Election}\" in term {Term}; {Service} runs here.")]
    public static partial void Leads(ILogger logger, string election, long term, string service);

    [LoggerMessage(6021, LogLevel.Information, "This process does not lead \"{Election}\" any more; its term {Term} is over: {Reason}.")]
    public static partial void LeadsNoMore(ILogger logger, string election, long term, TermEnd reason);

    [LoggerMessage(6022, LogLevel.Error, "{Service} threw while it led \"{Election}\" in term {Term}. This process resigns, and is a candidate again after a pause.")]
    public static partial void ServiceFailed(ILogger logger, Exception failure, string service, string election, long term);

    [LoggerMessage(6023, LogLevel.Warning, "The lead of \"{Election}\" in term {Term} ends in {LeftMs} ms unless the store is reached; {Service} is asked to stop.")]
    public static partial void LeadEnds(ILogger logger, string election, long term, double leftMs, string service);

    [LoggerMessage(6024, LogLevel.Error,
        "{Service} still runs, although its lead of \"{Election}\" in term {Term} is over and it was asked to stop: another process may lead by now. It is not started again here before it ends.")]
    public static partial void ServiceOverruns(ILogger logger, string service, string election, long term);

    [LoggerMessage(6025, LogLevel.Warning, "This process could not become a candidate of \"{Election}\" ({Error}); it tries again after a pause.")]
    public static partial void CampaignFailed(ILogger logger, string election, string error);

    [LoggerMessage(6026, LogLevel.Error,
        "{Service} did not stop before the host gave up waiting. This process has not resigned from \"{Election}\"; the next one leads when the session ends.")]
    public static partial void NotStopped(ILogger logger, string service, string election);
}
