using System.Runtime.CompilerServices;
using ConfigClients.Adapters;

namespace ConfigClients.Core.Tests.Simulation;

/// <summary>
/// Follows a <see cref="StoreSimulation"/> as badly as a source may: each byte of the schedule is one misfortune. When the schedule is
/// used up it says the truth once and ends by <see cref="EndOfScheduleException"/>. Never waits.
/// </summary>
internal sealed class AdversarialSource(StoreSimulation store, byte[] schedule) : IWatchSource
{
    private int _next;
    private int _readEpoch = -1;
    private WatchStep? _last;
    private int _lastEpoch;

    public TimeSpan MaxSilence => TimeSpan.FromDays(1);

    public ValueTask<ConfigSnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        if (_next < schedule.Length && schedule[_next] % 5 == 0)
        {
            _next++;
            throw Fail("read");
        }

        ConfigSnapshot snapshot = store.Snapshot();
        _readEpoch = store.Epoch;
        return ValueTask.FromResult(snapshot);
    }

    public async IAsyncEnumerable<WatchStep> FollowAsync(long revision, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        long cursor = revision;
        while (_next < schedule.Length)
        {
            byte code = schedule[_next++];
            int amount = code / 16;
            switch (code % 16)
            {
                case 0 or 1 or 2:
                    store.Set(amount % 4);
                    continue;
                case 3:
                    store.Delete(amount % 4);
                    continue;
                case 4:
                    store.Restore(amount / 2);
                    continue;
                case 5:
                    yield break;
                case 6:
                    throw Fail("cut");
                default:
                    break;
            }

            if (Step(code, amount, ref cursor) is { } step)
            {
                (_last, _lastEpoch) = (step, store.Epoch);
                yield return step;
            }
        }

        yield return WatchStep.FromState(store.Snapshot());

        // Taken for a gap if the revision went back: then this is reached again after a read.
        throw new EndOfScheduleException();
    }

    private WatchStep? Step(byte code, int amount, ref long cursor)
    {
        if (_readEpoch != store.Epoch)
        {
            // It can no longer show continuity. A source that sees whole states need not even know.
            return code % 2 == 0 ? WatchStep.Gap("restored") : WatchStep.FromState(store.Snapshot());
        }

        long upTo = code % 16 == 8 ? Math.Max(cursor, store.Revision - (amount % 3)) : store.Revision;
        long from = code % 16 == 9 ? Math.Max(0, cursor - amount) : cursor;
        switch (code % 16)
        {
            case 7 or 8 or 9:
                cursor = upTo;
                return WatchStep.FromChanges(store.Between(from, upTo), upTo);
            case 10:
                return _lastEpoch == store.Epoch ? _last : null;
            case 11:
                cursor = store.Revision;
                return WatchStep.FromState(store.Snapshot());
            case 12:
                return WatchStep.FromState(store.States[Math.Max(0, store.States.Count - 1 - amount)]);
            case 13:
                return WatchStep.Idle(cursor);
            case 14:
                return WatchStep.Gap("no history");
            default:
                return WatchStep.Idle(Math.Max(0, cursor - amount));
        }
    }

    private static StoreException Fail(string what) => new(StoreError.Unavailable, what);
}
