using System.Runtime.CompilerServices;
using ConfigClients.Adapters;
using ConfigClients.Etcd.Wire;

namespace ConfigClients.Etcd;

/// <summary>Notices changes below one prefix, on the stream that all watches of a store share. Not thread-safe: one watch owns it.</summary>
/// <remarks>
/// The watch begins before the state is read, from "now" on: a watch that begins at a revision already passed is served by etcd every 100 ms only,
/// until it has caught up. What it tells twice, it tells with its revision, and what the state already holds is left out.
/// </remarks>
internal sealed class EtcdWatch(string prefix, EtcdStore store, EtcdWatchHub hub) : IWatchSource, IAsyncDisposable
{
    private (EtcdSubscription Watch, EtcdWatchStream Stream)? _joined;

    // Above the silence after which a stream is given up, so that the stream goes, with all watches on it, and not one after another.
    public TimeSpan MaxSilence => EtcdWatchStream.MaxSilence * 2;

    public async ValueTask<ConfigSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        Part();
        _joined = await hub.JoinAsync(prefix, 0, cancellationToken).ConfigureAwait(false);
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
                    if (await FindLossAsync(revision, cancellationToken).ConfigureAwait(false) is { } loss)
                    {
                        yield return WatchStep.Gap(loss);
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

    /// <summary>
    /// Whether the store lost what this watch has seen already, as one that was restored from a backup has: a watch from a revision to come would be silent.
    /// </summary>
    /// <returns>The reason for a gap; null if there is none.</returns>
    private async ValueTask<string?> FindLossAsync(long revision, CancellationToken cancellationToken)
    {
        // A member that is behind the others says less, too, and is no loss: the quorum is asked.
        return await _joined!.Value.Watch.Created.ConfigureAwait(false) < revision
            && await store.RevisionAsync(prefix, cancellationToken).ConfigureAwait(false) is long now && now < revision
            ? $"the store's revision went back from {revision} to {now}"
            : null;
    }

    private void Part()
    {
        _joined?.Stream.Part(_joined.Value.Watch);
        _joined = null;
    }
}
