using System.Runtime.CompilerServices;
using ConfigClients.Adapters;
using ConfigClients.Consul.Wire;

namespace ConfigClients.Consul;

/// <summary>Notices changes below one prefix, by a query that it may share with other watches. Not thread-safe: one watch owns it.</summary>
/// <remarks>
/// The shared query may stand at a lower index than this watch: the listing of an empty prefix carries the index of the whole store.
/// Such a state is either older than what was seen, or equal; where it differs, the prefix itself is read.
/// </remarks>
internal sealed class ConsulWatch(string prefix, ConsulStore store, ConsulWatchHub hub) : IWatchSource
{
    private ConfigSnapshot? _seen;
    private bool _isOwnIndex;

    public TimeSpan MaxSilence => hub.MaxSilence;

    public async ValueTask<ConfigSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        // The index of the listing is the one to wait from: nothing is missed in between.
        _seen = await store.ListAsync(prefix, _seen, cancellationToken).ConfigureAwait(false);
        _isOwnIndex = true;
        return _seen;
    }

    public async IAsyncEnumerable<WatchStep> FollowAsync(long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ConsulWatchQuery query = hub.Join(prefix, _isOwnIndex ? _seen : null);
        try
        {
            // A gap from before joining is none for this watch; a state from then may be news.
            ConsulWatchState? before = query.Latest;
            long version = before is { Gap: not null } ? before.Version : 0;
            while (true)
            {
                ConsulWatchState state = await query.NextAsync(version, prefix, cancellationToken).ConfigureAwait(false);
                version = state.Version;
                if (state.Gap is not null)
                {
                    yield return WatchStep.Gap(state.Gap);
                    yield break;
                }

                WatchStep step = await TakeInAsync(query, state.Snapshot, cancellationToken).ConfigureAwait(false);
                yield return step;
                if (step.Kind == WatchStepKind.Gap)
                {
                    yield break;
                }
            }
        }
        finally
        {
            hub.Part(query);
        }
    }

    private async ValueTask<WatchStep> TakeInAsync(ConsulWatchQuery query, ConfigSnapshot shared, CancellationToken cancellationToken)
    {
        ConfigSnapshot seen = _seen!;
        IReadOnlyList<ConfigEntry> entries = query.Prefix == prefix ? shared.Entries : ConsulWatchRange.Below(shared.Entries, prefix);
        bool isSame = SnapshotDiff.Between(seen.Entries, entries).Count == 0;
        if (shared.Revision < seen.Revision && !isSame)
        {
            ConfigSnapshot fresh = await store.ListAsync(prefix, seen, cancellationToken).ConfigureAwait(false);
            _seen = fresh;
            _isOwnIndex = true;
            return WatchStep.FromState(fresh);
        }

        long revision = Math.Max(shared.Revision, seen.Revision);
        _isOwnIndex = query.Prefix == prefix || (_isOwnIndex && isSame && revision == seen.Revision);
        _seen = new ConfigSnapshot(prefix, isSame ? seen.Entries : entries, revision);
        return isSame ? WatchStep.Idle(revision) : WatchStep.FromState(_seen);
    }
}
