using ConfigClients.Adapters;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Configuration;

/// <summary>Follows one prefix of the store, by watch and verification or by polling, until it is cancelled. Never fails.</summary>
internal sealed class RootFeed(IConfigStore store, RootState root, ConfigSync sync, DistributedConfigOptions options, ILogger logger)
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    private readonly TimeProvider _time = options.TimeProvider;
    private volatile CancellationTokenSource? _watch;

    /// <summary>Follows.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public Task RunAsync(CancellationToken cancellationToken) => options.Mode == SyncMode.Push
        ? Task.WhenAll(WatchAsync(cancellationToken), ListEveryAsync(options.VerifyInterval, listNow: false, cancellationToken))
        : ListEveryAsync(options.PollInterval, listNow: true, cancellationToken);

    /// <summary>Lists now and takes the result in.</summary>
    /// <exception cref="StoreException">The store cannot be read.</exception>
    public async Task ListAsync(CancellationToken cancellationToken)
    {
        long known = root.Revision;
        ConfigSnapshot snapshot = await store.ListAsync(root.Prefix, cancellationToken).ConfigureAwait(false);
        bool wentBack = options.Mode == SyncMode.Push && snapshot.Revision < known;
        if (wentBack)
        {
            // A store restored from a backup. The watch has to start over, too, or it would wait for revisions above the old one.
            Log.WentBack(logger, root.Prefix, snapshot.Revision);
            await RestartWatchAsync().ConfigureAwait(false);
        }

        sync.Update(root, state =>
        {
            Confirm(state);
            state.VerifyFault = null;
            if (options.Mode == SyncMode.Pull)
            {
                state.FeedFault = null;
                state.Take(snapshot);
            }
            else if (wentBack || snapshot.Revision >= state.Revision)
            {
                // Otherwise the watch was faster.
                state.Take(snapshot);
            }
        });
    }

    private async Task WatchAsync(CancellationToken cancellationToken)
    {
        Backoff pauses = new(FirstPause, LongestPause, Random.Shared);
        while (!cancellationToken.IsCancellationRequested)
        {
            using CancellationTokenSource watch = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            _watch = watch;
            try
            {
                await foreach (WatchBatch batch in store.WatchAsync(root.Prefix, watch.Token).ConfigureAwait(false))
                {
                    pauses.Reset();
                    sync.Update(root, state => Take(state, batch));
                }

                Fail(Faults.Unavailable("The watch ended."));
            }
            catch (OperationCanceledException) when (watch.IsCancellationRequested)
            {
                continue;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
#pragma warning disable CA1031 // Whatever the store throws, the feed goes on: that is its promise.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Fail(Faults.Of(e));
            }

            await PauseAsync(pauses.Next(), cancellationToken).ConfigureAwait(false);
        }
    }

    private async Task ListEveryAsync(TimeSpan interval, bool listNow, CancellationToken cancellationToken)
    {
        Backoff pauses = new(FirstPause, LongestPause, Random.Shared);
        TimeSpan wait = listNow ? TimeSpan.Zero : interval;
        while (interval != Timeout.InfiniteTimeSpan && await PauseAsync(wait, cancellationToken).ConfigureAwait(false))
        {
            try
            {
                await ListAsync(cancellationToken).ConfigureAwait(false);
                pauses.Reset();

                // Spread out, so that many clients started together do not list together for ever.
                wait = interval * (0.9 + (Random.Shared.NextDouble() / 10));
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (ObjectDisposedException)
            {
                return;
            }
#pragma warning disable CA1031 // As above.
            catch (Exception e)
#pragma warning restore CA1031
            {
                Fail(Faults.Of(e), isVerification: options.Mode == SyncMode.Push);
                TimeSpan pause = pauses.Next();
                wait = pause < interval ? pause : interval;
            }
        }
    }

    private void Take(RootState state, WatchBatch batch)
    {
        if (batch.Kind == WatchBatchKind.Stale)
        {
            state.FeedFault = Faults.Unavailable(batch.Reason);
            return;
        }

        Confirm(state);
        state.FeedFault = null;
        if (batch.Snapshot is { } snapshot)
        {
            state.Take(snapshot);
        }
        else
        {
            state.Take(batch.Changes, batch.Revision);
        }
    }

    private void Confirm(RootState state) => state.ConfirmedAt = _time.GetTimestamp();

    private void Fail(DistributedConfigError fault, bool isVerification = false) => sync.Update(root, state =>
    {
        if (isVerification)
        {
            state.VerifyFault = fault;
        }
        else
        {
            state.FeedFault = fault;
        }
    });

    private async Task RestartWatchAsync()
    {
        try
        {
            await (_watch?.CancelAsync() ?? Task.CompletedTask).ConfigureAwait(false);
        }
        catch (ObjectDisposedException)
        {
            // It is starting over already.
        }
    }

    private async Task<bool> PauseAsync(TimeSpan wait, CancellationToken cancellationToken)
    {
        await Task.Delay(wait, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return !cancellationToken.IsCancellationRequested;
    }
}
