using Microsoft.Extensions.Logging;

namespace ConfigClients.Configuration;

/// <summary>Decides when a start-up has succeeded, when it has failed, and how long it is worth waiting.</summary>
/// <remarks>
/// What may pass by itself (a store out of reach) is waited for until the budget is spent. What waits for somebody to act (an empty prefix,
/// a bad document, a refusal) only until the brake is over; the brake is there so that a crash loop does not hammer the store.
/// </remarks>
internal sealed class ConfigStartup(ConfigSync sync, DistributedConfigOptions options, string store, ILogger logger)
{
    private readonly TimeProvider _time = options.TimeProvider;
    private readonly bool _allowEmpty = options.AllowEmpty ?? store == "embedded";

    /// <summary>Waits, and opens the configuration.</summary>
    /// <exception cref="DistributedConfigException">It is required and cannot be had.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        long startedAt = _time.GetTimestamp();
        while (true)
        {
            Task progress = sync.Progress;
            (bool isReady, DistributedConfigError? fault) = await JudgeAsync().ConfigureAwait(false);
            if (isReady)
            {
                Log.Loaded(logger, store, sync.Image.Count, sync.Status.Revision, _time.GetElapsedTime(startedAt).TotalMilliseconds);
                sync.Open();
                return;
            }

            TimeSpan left = Limit(fault) - _time.GetElapsedTime(startedAt);
            bool isLate = left <= TimeSpan.Zero;
            if (options.StartupMode == StartupMode.Optional && (isLate || fault is not null))
            {
                Log.StartedWithout(logger, (fault ?? Faults.NoAnswer(options.StartupBudget)).Message);
                sync.Open();
                return;
            }

            if (isLate)
            {
                throw new DistributedConfigException(fault ?? Faults.NoAnswer(options.StartupBudget));
            }

            using CancellationTokenSource alarm = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(progress, Task.Delay(left, _time, alarm.Token)).ConfigureAwait(false);
            await alarm.CancelAsync().ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    private TimeSpan Limit(DistributedConfigError? fault) =>
        fault is null or { Kind: DistributedConfigErrorKind.Unavailable } || options.StartupBrake > options.StartupBudget
            ? options.StartupBudget
            : options.StartupBrake;

    private async Task<(bool IsReady, DistributedConfigError? Fault)> JudgeAsync()
    {
        // Asked before applying: what arrives in between would count as loaded and not be there yet.
        DistributedConfigError? fault = sync.Status.Fault;
        bool isLive = fault is null && sync.Status.State == DistributedConfigState.Live;
        await sync.ApplyAsync().ConfigureAwait(false);
        if (!isLive)
        {
            return (false, fault);
        }

        fault = sync.Status.Rejected is [DistributedConfigError rejected, ..] ? rejected
            : sync.Status.IsEmpty && !_allowEmpty && options.StartupMode == StartupMode.Required ? Faults.Empty(sync.Roots)
            : null;
        return (fault is null, fault);
    }
}
