using System.Runtime.CompilerServices;
using ConfigClients.Adapters;
using ConfigClients.Etcd.Wire;

namespace ConfigClients.Etcd;

/// <summary>Notices changes below one prefix, on the stream that all watches of a store share. Not thread-safe: one watch owns it.</summary>
/// <remarks>
/// The watch begins before the state is read, from "now" on: a watch that begins at a revision already passed is served by etcd every 100 ms only,
/// until it has caught up. What it tells twice, it tells with its revision, and what the state already holds is left out.
/// A watch that goes on at a revision which the store has not reached would be silent: then the store is another one, and the state is read anew.
/// </remarks>
internal sealed class EtcdWatch(string prefix, EtcdStore store, EtcdWatchHub hub) : IWatchSource, IAsyncDisposable
{
    private (EtcdSubscription Watch, EtcdWatchStream Stream, EtcdHistory Told)? _joined;
    private EtcdHistory _begun;

    // Above the silence after which a stream is given up, so that the stream goes, with all watches on it, and not one after another.
    public TimeSpan MaxSilence => EtcdWatchStream.MaxSilence * 2;

    public async ValueTask<ConfigSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        Part();
        _joined = await hub.JoinAsync(prefix, 0, cancellationToken).ConfigureAwait(false);
        _begun = _joined.Value.Told;
        return await store.ListAsync(prefix, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<WatchStep> FollowAsync(long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                if (_joined is null)
                {
                    _joined = await hub.JoinAsync(prefix, revision + 1, cancellationToken).ConfigureAwait(false);
                    if (await BreakAsync(_joined.Value.Told, _begun with { Revision = revision }, cancellationToken).ConfigureAwait(false) is { } reason)
                    {
                        yield return WatchStep.Gap(reason);
                        yield break;
                    }
                }

                yield return WatchStep.Idle(revision);
                await foreach (WatchStep step in _joined.Value.Watch.ReadAsync(revision, cancellationToken).ConfigureAwait(false))
                {
                    revision = Math.Max(revision, step.Revision);
                    yield return step;
                    if (step.Kind == WatchStepKind.Gap)
                    {
                        yield break;
                    }
                }

                // Neither broken nor at an end: too slow, or open long enough.
                Part();
            }
        }
        finally
        {
            Part();
        }
    }

    public ValueTask DisposeAsync()
    {
        Part();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<string?> BreakAsync(EtcdHistory told, EtcdHistory seen, CancellationToken cancellationToken)
    {
        string? reason = told.BreakWith(seen);

        // A member that lags behind tells the same as a store that was restored. The quorum knows.
        return reason is not null && told.Cluster == seen.Cluster
            ? (await store.HistoryAsync(prefix, cancellationToken).ConfigureAwait(false)).BreakWith(seen)
            : reason;
    }

    private void Part()
    {
        _joined?.Stream.Watches.Part(_joined.Value.Watch);
        _joined = null;
    }
}
