using System.Runtime.CompilerServices;
using ConfigClients.Adapters;
using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper;

/// <summary>Notices changes below one prefix, by a recursive watch that begins before the state is read. Not thread-safe: one watch owns it.</summary>
/// <remarks>
/// Events carry no data and no number: what they name is read again, all of it in one request, and once more if more events came meanwhile. The server sends the
/// events of a commit before any answer that shows it, so a commit of up to 250 keys is seen whole. After a reconnect the whole prefix is read: the server replays nothing.
/// </remarks>
internal sealed class ZooKeeperWatch(string prefix, ZooKeeperStore store, ZooKeeperClient client, ZooKeeperKeys keys, ZooKeeperReads reads, TimeProvider time) : IWatchSource, IAsyncDisposable
{
    private const int MaxRounds = 5;

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    private ZooKeeperSubscription? _subscription;
    private Task<IReadOnlyList<ZooKeeperEvent>>? _pending;

    public TimeSpan MaxSilence { get; } = SignOfLife * 6;

    public async ValueTask<ConfigSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync().ConfigureAwait(false);
        _subscription = await store.TranslateAsync(client.SubscribeAsync(keys.Below(prefix), ZooKeeperWatchMode.Recursive, cancellationToken)).ConfigureAwait(false);
        return await store.ListAsync(prefix, cancellationToken).ConfigureAwait(false);
    }

    public async IAsyncEnumerable<WatchStep> FollowAsync(long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (client.State is ZooKeeperState.Connected or ZooKeeperState.ConnectedReadOnly)
        {
            yield return WatchStep.Idle(revision);
        }

        while (true)
        {
            if (await NextAsync(cancellationToken).ConfigureAwait(false) is not { } events)
            {
                yield return WatchStep.Idle(revision);
                continue;
            }

            WatchStep step = await TakeInAsync(events, revision, cancellationToken).ConfigureAwait(false);
            revision = Math.Max(revision, step.Revision);
            yield return step;
            if (step.Kind == WatchStepKind.Gap)
            {
                yield break;
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_subscription is { } subscription)
        {
            _subscription = null;
            await subscription.DisposeAsync().ConfigureAwait(false);

            // It ends with the subscription.
            _ = _pending?.ContinueWith(static task => task.Exception, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            _pending = null;
        }
    }

    /// <summary>The next events; null if nothing came for a while and the connection stands.</summary>
    private async ValueTask<IReadOnlyList<ZooKeeperEvent>?> NextAsync(CancellationToken cancellationToken)
    {
        _pending ??= _subscription!.ReadAsync(CancellationToken.None).AsTask();
        if (!_pending.IsCompleted)
        {
            try
            {
                await _pending.WaitAsync(SignOfLife, time, cancellationToken).ConfigureAwait(false);
            }
            catch (TimeoutException)
            {
                return client.State is ZooKeeperState.Connected or ZooKeeperState.ConnectedReadOnly ? null : throw CutOff();
            }
            catch (ZooKeeperException)
            {
                // Told below.
            }
        }

        Task<IReadOnlyList<ZooKeeperEvent>> events = _pending;
        _pending = null;
        return await store.TranslateAsync(new ValueTask<IReadOnlyList<ZooKeeperEvent>>(events)).ConfigureAwait(false);
    }

    private async ValueTask<WatchStep> TakeInAsync(IReadOnlyList<ZooKeeperEvent> events, long revision, CancellationToken cancellationToken)
    {
        HashSet<string> dirty = new(StringComparer.Ordinal);
        if (await SortAsync(events, dirty, cancellationToken).ConfigureAwait(false) is { } whole)
        {
            return whole;
        }

        for (int round = 1; ; round++)
        {
            long reached = client.LastZxid;
            List<ConfigChange> changes = dirty.Count == 0 ? [] : await store.TranslateAsync(ReadAsync([.. dirty], cancellationToken)).ConfigureAwait(false);
            _pending ??= _subscription!.ReadAsync(CancellationToken.None).AsTask();
            if (!_pending.IsCompletedSuccessfully || round == MaxRounds)
            {
                // Something changed after the revision delivered so far, whatever the number of it.
                reached = changes.Aggregate(Math.Max(reached, revision + 1), static (newest, change) => Math.Max(newest, change.Entry?.Revision.Number ?? 0));
                return changes.Count == 0 ? WatchStep.Idle(revision) : WatchStep.FromChanges(changes, reached);
            }

            IReadOnlyList<ZooKeeperEvent> more = await _pending.ConfigureAwait(false);
            _pending = null;
            if (await SortAsync(more, dirty, cancellationToken).ConfigureAwait(false) is { } step)
            {
                return step;
            }
        }
    }

    /// <summary>Sorts out what the events name. Returns a step if they name no keys but everything.</summary>
    private async ValueTask<WatchStep?> SortAsync(IReadOnlyList<ZooKeeperEvent> events, HashSet<string> dirty, CancellationToken cancellationToken)
    {
        bool isWhole = false;
        bool isCut = false;
        foreach (ZooKeeperEvent happened in events)
        {
            switch (happened.Kind)
            {
                case ZooKeeperEventKind.Resync when happened.Reason == ZooKeeperResyncReason.StoreReset:
                    return WatchStep.Gap("the ensemble was wiped or restored");
                case ZooKeeperEventKind.Resync:
                    isWhole = true;
                    isCut = false;
                    break;
                case ZooKeeperEventKind.Disconnected:
                    isCut = true;
                    break;
                default:
                    string path = happened.Path.EndsWith("/" + ZooKeeperKeys.MarkerName, StringComparison.Ordinal) ? ZooKeeperKeys.Parent(happened.Path) : happened.Path;
                    if (keys.Key(path) is { } key && ConfigKey.IsBelow(key, prefix))
                    {
                        dirty.Add(path);
                    }

                    break;
            }
        }

        return isCut ? throw CutOff()
            : isWhole ? WatchStep.FromState(await store.ListAsync(prefix, cancellationToken).ConfigureAwait(false))
            : null;
    }

    private async ValueTask<List<ConfigChange>> ReadAsync(string[] paths, CancellationToken cancellationToken)
    {
        ZooKeeperNode?[] nodes = await reads.ReadAsync([.. paths.SelectMany(static path => new[] { path, ZooKeeperKeys.Marker(path) })], cancellationToken).ConfigureAwait(false);
        List<ConfigChange> changes = new(paths.Length);
        for (int i = 0; i < paths.Length; i++)
        {
            string key = keys.Key(paths[i])!;
            changes.Add(new ConfigChange(key, nodes[2 * i] is { HasData: true } node ? ZooKeeperRow.Entry(key, node, nodes[(2 * i) + 1]?.Stat.Czxid) : null));
        }

        return changes;
    }

    private static StoreException CutOff() => new(StoreError.Unavailable, "The connection to the ensemble is lost.");
}
