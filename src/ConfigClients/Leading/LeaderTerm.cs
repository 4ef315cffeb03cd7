using ConfigClients.Recipes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Leading;

/// <summary>The service's work during one lead, from its making to its end.</summary>
/// <remarks>Does not end before the service has: so a service never runs twice in one process, however long it ignores that it should stop.</remarks>
internal sealed class LeaderTerm(IServiceProvider services, LeaderRegistration registration, LeaderServiceOptions options, Leadership lead, ILogger logger)
{
    public async Task<TermEnd> RunAsync(CancellationToken hostStops)
    {
        TimeSpan half = lead.Hold.Session.GrantedTtl / 2;
        TimeSpan grace = options.Grace < half ? options.Grace : half;
        CancellationToken leadEnds = lead.Hold.ExpiringWithin(grace);
        using CancellationTokenSource stopping = CancellationTokenSource.CreateLinkedTokenSource(leadEnds, hostStops);
        Task<Exception?> serving = Task.Run(() => ServeAsync(stopping.Token), CancellationToken.None);

        await ((Task)serving.WaitAsync(stopping.Token)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (stopping.IsCancellationRequested)
        {
            await WatchEndAsync(serving, grace, hostStops).ConfigureAwait(false);
        }

        Exception? failure = await serving.ConfigureAwait(false);
        if (failure is not null)
        {
            Log.ServiceFailed(logger, failure, registration.ServiceName, registration.Election, lead.Term);
        }

        return hostStops.IsCancellationRequested ? TermEnd.HostStops
            : leadEnds.IsCancellationRequested ? TermEnd.LeadEnds
            : failure is not null ? TermEnd.Failed
            : TermEnd.Returned;
    }

    /// <summary>The service was asked to stop: says so, and says it louder when it has not by the time that somebody else may lead.</summary>
    private async Task WatchEndAsync(Task serving, TimeSpan grace, CancellationToken hostStops)
    {
        long stoppedAt = options.TimeProvider.GetTimestamp();
        if (!hostStops.IsCancellationRequested)
        {
            Log.LeadEnds(logger, registration.Election, lead.Term, lead.Hold.ValidFor.TotalMilliseconds, registration.ServiceName);
        }

        await serving.WaitAsync(lead.Lost).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

        // A lead that an operator ends is lost without notice; the service gets its grace all the same before it is blamed.
        TimeSpan left = grace - options.TimeProvider.GetElapsedTime(stoppedAt);
        if (left > TimeSpan.Zero)
        {
            await serving.WaitAsync(left, options.TimeProvider, CancellationToken.None).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        if (!serving.IsCompleted)
        {
            Log.ServiceOverruns(logger, registration.ServiceName, registration.Election, lead.Term);
        }
    }

    /// <summary>Runs the service on the pool; what it throws is the answer.</summary>
    private async Task<Exception?> ServeAsync(CancellationToken stopping)
    {
        try
        {
            AsyncServiceScope scope = services.CreateAsyncScope();
            await using (scope.ConfigureAwait(false))
            {
                await registration.Resolve(scope.ServiceProvider).RunAsync(lead, stopping).ConfigureAwait(false);
            }

            return null;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            return null;
        }
#pragma warning disable CA1031 // The application's own: whatever it throws must neither end the loop nor keep the lead.
        catch (Exception e)
#pragma warning restore CA1031
        {
            return e;
        }
    }
}
