using Microsoft.Extensions.Logging;

namespace ConfigClients.Configuration;

/// <summary>Says what went wrong: to the log, and to the application's own callback, which may throw.</summary>
internal sealed class ErrorReport(Action<DistributedConfigError>? onError, ILogger logger)
{
    public void Add(IReadOnlyList<DistributedConfigError> alarms, Composition composition)
    {
        foreach (DistributedConfigError alarm in alarms)
        {
            Log.Vanished(logger, alarm.Message);
            Raise(alarm);
        }

        foreach (DistributedConfigError error in composition.Errors)
        {
            Log.Rejected(logger, error.Message);
            Raise(error);
        }

        foreach (string key in composition.Denied)
        {
            Log.Denied(logger, key);
        }
    }

    public void Transition(StateTransition transition, long revision)
    {
        if (transition.Fault is { } fault)
        {
            Log.Stale(logger, fault.Message);
            Raise(fault);
        }
        else
        {
            Log.Live(logger, revision);
        }
    }

    public void CallbackFailed(Exception exception)
    {
        Exception cause = exception is AggregateException { InnerExceptions: [Exception only] } ? only : exception;
        Log.CallbackFailed(logger, cause.GetType().Name);
        Raise(new DistributedConfigError(DistributedConfigErrorKind.CallbackFailed, $"A callback for changed configuration threw {cause.GetType().Name}.")
        {
            Exception = cause,
        });
    }

    private void Raise(DistributedConfigError error)
    {
        try
        {
            onError?.Invoke(error);
        }
#pragma warning disable CA1031 // As above: whatever the application throws must not end a feed.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.CallbackFailed(logger, e.GetType().Name);
        }
    }
}
