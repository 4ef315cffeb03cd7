using ConfigClients.Recipes;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace ConfigClients.Leading;

/// <summary>One leader service in a host: candidate, leader, and candidate again, until the host stops.</summary>
internal sealed class LeaderLoop : IHostedLifecycleService, IDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationToken _hostStops;
    private readonly IServiceProvider _services;
    private readonly LeaderRegistration _registration;
    private readonly ILogger _logger;
    private Task _running = Task.CompletedTask;

    public LeaderLoop(IServiceProvider services, LeaderRegistration registration)
    {
        _hostStops = _stop.Token;
        _services = services;
        _registration = registration;
        _logger = services.GetService<ILoggerFactory>()?.CreateLogger("ConfigClients.LeaderService") ?? NullLogger.Instance;
    }

    public Task StartAsync(CancellationToken cancellationToken)
    {
        IConfigStore store = _services.GetService<IConfigStore>() ?? throw new InvalidOperationException(
            $"Leader service {_registration.ServiceName} needs the service IConfigStore: call AddDistributedConfig() on the host's builder, or register a store.");
        LeaderServiceOptions options = _services.GetRequiredService<IOptionsMonitor<LeaderServiceOptions>>().Get(_registration.Election);
        LeaderElection election = store.CreateElection(_registration.Election, new ContenderOptions { SessionTtl = options.SessionTtl, Time = options.TimeProvider });
        _running = Task.Run(() => RunAsync(election, options), CancellationToken.None);
        return Task.CompletedTask;
    }

    /// <summary>Before any service is waited for: so that several leader services stop side by side.</summary>
    public Task StoppingAsync(CancellationToken cancellationToken) => _stop.CancelAsync();

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        await _running.WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!_running.IsCompleted)
        {
            // Not resigned: as long as the service runs, nobody else must.
            Log.NotStopped(_logger, _registration.ServiceName, _registration.Election);
        }
    }

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose()
    {
        // A host may be disposed of without having been stopped.
        _stop.Cancel();
        _stop.Dispose();
    }

    private async Task RunAsync(LeaderElection election, LeaderServiceOptions options)
    {
        TimeSpan pause = options.BackOff;
        while (!_hostStops.IsCancellationRequested)
        {
            TimeSpan lasted = await LeadOnceAsync(election, options).ConfigureAwait(false);
            pause = lasted > options.MaxBackOff ? options.BackOff : pause;

            // After a lost lead, too: a session that is nearly over would be given the lead again, and end it at once, until a heartbeat is confirmed.
            await Task.Delay(pause * (0.5 + Random.Shared.NextDouble()), options.TimeProvider, _hostStops).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            pause = pause * 2 < options.MaxBackOff ? pause * 2 : options.MaxBackOff;
        }
    }

    /// <summary>Waits for the lead and has the service work. Returns how long it worked; zero if the lead was not to be had.</summary>
    private async Task<TimeSpan> LeadOnceAsync(LeaderElection election, LeaderServiceOptions options)
    {
        TimeSpan lasted = TimeSpan.Zero;
        try
        {
            Leadership lead = await election.CampaignAsync(options.Payload, _hostStops).ConfigureAwait(false);
            await using (lead.ConfigureAwait(false))
            {
                Log.Leads(_logger, _registration.Election, lead.Term, _registration.ServiceName);
                long startedAt = options.TimeProvider.GetTimestamp();
                TermEnd end = await new LeaderTerm(_services, _registration, options, lead, _logger).RunAsync(_hostStops).ConfigureAwait(false);
                lasted = options.TimeProvider.GetElapsedTime(startedAt);
                Log.LeadsNoMore(_logger, _registration.Election, lead.Term, end);
            }
        }
        catch (OperationCanceledException) when (_hostStops.IsCancellationRequested)
        {
            // No lead, and none wanted any more.
        }
#pragma warning disable CA1031 // Whatever keeps this process from being a candidate, it has to try again for as long as the host runs.
        catch (Exception e)
#pragma warning restore CA1031
        {
            Log.CampaignFailed(_logger, _registration.Election, (e as StoreException)?.Error.ToString() ?? e.GetType().Name);
        }

        return lasted;
    }
}
