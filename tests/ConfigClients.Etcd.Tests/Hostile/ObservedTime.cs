using System.Collections.Concurrent;
using ConfigClients.Conformance;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Etcd.Tests.Hostile;

/// <summary>A clock that the test moves, and that says who waits for it: moved before that, it would move past them.</summary>
internal sealed class ObservedTime : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _waits = new();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _waits.Enqueue(dueTime);
        return timer;
    }

    /// <summary>Lets time pass as soon as somebody waits for it.</summary>
    /// <param name="time">How much.</param>
    /// <param name="isMeant">Tells by how long somebody waits whether it is who is meant.</param>
    /// <param name="waiters">How many have to wait.</param>
    public async Task PassAsync(TimeSpan time, Func<TimeSpan, bool> isMeant, int waiters = 1)
    {
        await Eventually.HoldsAsync(() => _waits.Count(isMeant) >= waiters);
        _waits.Clear();
        Advance(time);
    }
}
