using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.Logging;

namespace ConfigClients.Adapters;

/// <summary>Makes a watch of a source: snapshot, changes, resume after a cut, a snapshot again after a gap, back-off while the store is down.</summary>
/// <remarks>
/// Driven by the consumer: nothing is read ahead of it, so a slow consumer gets the newest state and costs no memory.
/// Transient failures never leave this class; they show as one <see cref="WatchBatchKind.Stale"/> batch per outage.
/// </remarks>
/// <param name="source">Notices the changes.</param>
/// <param name="store">The kind of store, for metrics.</param>
/// <param name="prefix">What is watched.</param>
/// <param name="time">The clock.</param>
/// <param name="logger">For outages and gaps.</param>
/// <param name="random">The source of the jitter; default: the shared one.</param>
[Experimental("CONFIGCLIENTS001")]
public sealed class WatchLoop(IWatchSource source, string store, string prefix, TimeProvider time, ILogger logger, Random? random = null)
{
    private readonly WatchView _view = new(prefix);
    private readonly Backoff _backoff = new(TimeSpan.FromMilliseconds(250), TimeSpan.FromSeconds(5), random ?? Random.Shared);
    private bool _stale;
    private bool _followed;
    private string? _gap;

    /// <summary>Runs the watch. Call once.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The batches.</returns>
    public async IAsyncEnumerable<WatchBatch> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        bool first = true;
        while (true)
        {
            (ConfigSnapshot? snapshot, StoreException? failure) = await TryReadAsync(cancellationToken).ConfigureAwait(false);
            if (snapshot is null)
            {
                if (GoStale(failure!) is { } stale)
                {
                    yield return stale;
                }

                await PauseAsync(cancellationToken).ConfigureAwait(false);
                continue;
            }

            IReadOnlyList<ConfigChange> difference = _view.Reset(snapshot);
            yield return Deliver(WatchBatch.FromSnapshot(snapshot, difference, first ? null : _gap));
            first = false;

            _gap = null;
            _followed = false;
            while (_gap is null)
            {
                await foreach (WatchBatch batch in FollowAsync(cancellationToken).ConfigureAwait(false))
                {
                    yield return batch;
                }

                if (_gap is null)
                {
                    await PauseAsync(cancellationToken).ConfigureAwait(false);
                }
            }

            // One gap right after another: reading on without a pause would burden a store that is in trouble already.
            if (!_followed)
            {
                await PauseAsync(cancellationToken).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Follows the source until it breaks or shows a gap.</summary>
    private async IAsyncEnumerable<WatchBatch> FollowAsync([EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using CancellationTokenSource silence = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        IAsyncEnumerator<WatchStep> steps = source.FollowAsync(_view.Revision, silence.Token).GetAsyncEnumerator(silence.Token);
        try
        {
            while (true)
            {
                (WatchStep? step, StoreException? failure) = await TryStepAsync(steps, silence, cancellationToken).ConfigureAwait(false);
                if (step is null)
                {
                    if (GoStale(failure ?? new StoreException(StoreError.Unavailable, "The watch was cut off.")) is { } stale)
                    {
                        yield return stale;
                    }

                    yield break;
                }

                if (TakeIn(step.Value) is { } batch)
                {
                    yield return Deliver(batch);
                }

                if (_gap is not null)
                {
                    yield break;
                }

                _followed |= step.Value.Kind != WatchStepKind.Idle;
                _backoff.Reset();
            }
        }
        finally
        {
            await DisposeQuietlyAsync(steps, silence).ConfigureAwait(false);
        }
    }

    private WatchBatch? TakeIn(WatchStep step)
    {
        IReadOnlyList<ConfigChange> changes = [];
        switch (step.Kind)
        {
            case WatchStepKind.Changes:
                changes = _view.Apply(step.Changes, step.Revision);
                break;
            case WatchStepKind.State when _view.Apply(step.Snapshot!) is { } difference:
                changes = difference;
                break;
            case WatchStepKind.State:
                _gap = $"the store's revision went back from {_view.Revision} to {step.Revision}";
                return null;
            case WatchStepKind.Gap:
                _gap = step.Reason ?? "the store could not show continuity";
                return null;
            default:
                _view.Advance(step.Revision);
                break;
        }

        // An empty batch is worth delivering only as the end of an outage.
        return changes.Count > 0 || _stale ? WatchBatch.FromChanges(changes, _view.Revision) : null;
    }

    private WatchBatch Deliver(WatchBatch batch)
    {
        if (_stale)
        {
            _stale = false;
            Log.WatchLive(logger, prefix, batch.Revision);
        }

        if (batch is { Kind: WatchBatchKind.Snapshot, Reason: { } reason })
        {
            Telemetry.RecordGap(store);
            Log.WatchGap(logger, prefix, reason, batch.Revision);
        }

        Telemetry.RecordBatch(store, batch.Kind);
        return batch;
    }

    private WatchBatch? GoStale(StoreException failure)
    {
        if (_stale)
        {
            return null;
        }

        _stale = true;
        Log.WatchStale(logger, prefix, failure.Message);
        Telemetry.RecordBatch(store, WatchBatchKind.Stale);
        return WatchBatch.Stale(failure.Message, _view.Revision);
    }

    private Task PauseAsync(CancellationToken cancellationToken) => Task.Delay(_backoff.Next(), time, cancellationToken);

    private async ValueTask<(ConfigSnapshot? Snapshot, StoreException? Failure)> TryReadAsync(CancellationToken cancellationToken)
    {
        try
        {
            return (await source.ReadAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (StoreException e) when (e.IsTransient)
        {
            return (null, e);
        }
    }

    private async ValueTask<(WatchStep? Step, StoreException? Failure)> TryStepAsync(
        IAsyncEnumerator<WatchStep> steps, CancellationTokenSource silence, CancellationToken cancellationToken)
    {
        long since = time.GetTimestamp();
        ITimer timer = time.CreateTimer(static state => ((CancellationTokenSource)state!).Cancel(), silence, source.MaxSilence, Timeout.InfiniteTimeSpan);
        try
        {
            return await steps.MoveNextAsync().ConfigureAwait(false) ? (steps.Current, null) : (null, null);
        }
        catch (StoreException e) when (e.IsTransient)
        {
            return (null, e);
        }
        catch (OperationCanceledException) when (silence.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return (null, new StoreException(StoreError.Unavailable, $"The watch gave no sign of life for {source.MaxSilence.TotalSeconds} s."));
        }
        finally
        {
            // Waits for a callback under way: the caller disposes what it cancels.
            await timer.DisposeAsync().ConfigureAwait(false);
            Telemetry.RecordSilence(store, time.GetElapsedTime(since));
        }
    }

    private static async ValueTask DisposeQuietlyAsync(IAsyncEnumerator<WatchStep> steps, CancellationTokenSource silence)
    {
        await silence.CancelAsync().ConfigureAwait(false);
        try
        {
            await steps.DisposeAsync().ConfigureAwait(false);
        }
        catch (Exception e) when (e is StoreException or OperationCanceledException)
        {
            // It was being given up; why it failed on the way out changes nothing.
        }
    }
}
