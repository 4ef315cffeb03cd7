using System.Runtime.CompilerServices;
using ConfigClients.Adapters;
using ConfigClients.ZooKeeper.Wire;

namespace ConfigClients.ZooKeeper;

/// <summary>Notices changes below one prefix, by a recursive watch that begins before the state is read. Not thread-safe: one watch owns it.</summary>
/// <remarks>
/// Events carry no data and no number: what they name is read again, all of it in one request, and once more if more events came meanwhile. The server sends the
/// events of a commit before any answer that shows it, so a commit of up to 250 keys is seen whole. After a reconnect the whole prefix is read, once: the server
/// replays nothing. What events asked for stays owed until it was read, also if reading fails.
/// </remarks>
internal sealed class ZooKeeperWatch(string prefix, ZooKeeperStore store, ZooKeeperClient client, ZooKeeperKeys keys, ZooKeeperReads reads, TimeProvider time) : IWatchSource, IAsyncDisposable
{
    private const int MaxRounds = 5;

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    private readonly HashSet<string> _dirty = new(StringComparer.Ordinal);
    private ZooKeeperSubscription? _subscription;
    private bool _isWhole;
    private bool _isReset;

    public TimeSpan MaxSilence { get; } = SignOfLife * 6;

    private bool IsConnected => client.State is ZooKeeperState.Connected or ZooKeeperState.ConnectedReadOnly;

    private bool Owes => _isReset || _isWhole || _dirty.Count > 0;

    public async ValueTask<ConfigSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await DisposeAsync().ConfigureAwait(false);
        _subscription = await store.TranslateAsync(client.SubscribeAsync(keys.Below(prefix), ZooKeeperWatchMode.Recursive, cancellationToken)).ConfigureAwait(false);
        ConfigSnapshot snapshot = await ListAsync(cancellationToken).ConfigureAwait(false);

        // Whatever history this is of, it is where the watch begins.
        _isReset = false;
        return snapshot;
    }

    public async IAsyncEnumerable<WatchStep> FollowAsync(long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // In this order: a new connection tells what was missed before it shows in the state.
        bool isConnected = IsConnected;
        Note(_subscription!.Take());
        if (isConnected && !Owes)
        {
            yield return WatchStep.Idle(revision);
        }

        while (true)
        {
            if (!Owes && !await HearAsync(cancellationToken).ConfigureAwait(false))
            {
                yield return WatchStep.Idle(revision);
                continue;
            }

            WatchStep step = await CatchUpAsync(revision, cancellationToken).ConfigureAwait(false);
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
        }
    }

    /// <summary>Waits for events. Returns false if none came for a while and the connection stands.</summary>
    private async ValueTask<bool> HearAsync(CancellationToken cancellationToken)
    {
        using CancellationTokenSource quiet = new(SignOfLife, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, quiet.Token);
        try
        {
            Note(await store.TranslateAsync(_subscription!.ReadAsync(either.Token)).ConfigureAwait(false));
            return true;
        }
        catch (OperationCanceledException) when (quiet.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            return IsConnected ? false : throw CutOff();
        }
    }

    /// <summary>Notes what the events ask for: keys, or everything.</summary>
    /// <exception cref="StoreException">Their last word is that the connection is lost. When there is one again, everything is asked for.</exception>
    private void Note(IReadOnlyList<ZooKeeperEvent> events)
    {
        bool isCut = false;
        foreach (ZooKeeperEvent happened in events)
        {
            switch (happened.Kind)
            {
                case ZooKeeperEventKind.Resync:
                    _isReset |= happened.Reason == ZooKeeperResyncReason.StoreReset;
                    _isWhole = true;
                    isCut = false;
                    break;
                case ZooKeeperEventKind.Disconnected:
                    isCut = true;
                    break;
                default:
                    string path = happened.Path.EndsWith("/" + ZooKeeperKeys.MarkerName, StringComparison.Ordinal) ? ZooKeeperKeys.Parent(happened.Path) : happened.Path;
                    if (keys.Key(path) is { } key && ConfigKey.IsBelow(key, prefix))
                    {
                        _dirty.Add(key);
                    }

                    break;
            }
        }

        if (isCut)
        {
            _isWhole = false;
            _dirty.Clear();
            throw CutOff();
        }
    }

    /// <summary>Reads what is owed.</summary>
    private async ValueTask<WatchStep> CatchUpAsync(long revision, CancellationToken cancellationToken)
    {
        for (int round = 1; !_isWhole && !_isReset; round++)
        {
            string[] names = [.. _dirty];
            long reached = client.LastZxid;
            ConfigEntry?[] entries = await store.TranslateAsync(reads.GetAsync(names, cancellationToken)).ConfigureAwait(false);
            IReadOnlyList<ZooKeeperEvent> more = round == MaxRounds ? [] : _subscription!.Take();
            if (more.Count == 0)
            {
                _dirty.Clear();

                // Something changed after the revision delivered so far, whatever the number of it.
                reached = entries.Aggregate(Math.Max(reached, revision + 1), static (newest, entry) => Math.Max(newest, entry?.Revision.Number ?? 0));
                return names.Length == 0 ? WatchStep.Idle(revision) : WatchStep.FromChanges([.. names.Zip(entries, static (key, entry) => new ConfigChange(key, entry))], reached);
            }

            Note(more);
        }

        // That the history went back may also be told right before the listing.
        ConfigSnapshot? snapshot = _isReset ? null : await ListAsync(cancellationToken).ConfigureAwait(false);
        return snapshot is null || _isReset ? WatchStep.Gap("the ensemble was wiped or restored") : WatchStep.FromState(snapshot);
    }

    /// <summary>Reads everything, and owes nothing afterwards.</summary>
    private async ValueTask<ConfigSnapshot> ListAsync(CancellationToken cancellationToken)
    {
        // A new connection tells that events were missed before it lets any request through. So what waits behind that is older than a listing asked for now.
        ConfigSnapshot snapshot = await store.ListAsync(prefix, () => Note(_subscription!.Take()), cancellationToken).ConfigureAwait(false);
        _isWhole = false;
        _dirty.Clear();
        return snapshot;
    }

    private static StoreException CutOff() => new(StoreError.Unavailable, "The connection to the ensemble is lost.");
}
