using System.Collections.Concurrent;
using ConfigClients.Conformance;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Tests;

/// <summary>A clock that a test moves and that tells what is being waited for.</summary>
public sealed class DueTimes : FakeTimeProvider
{
    private readonly ConcurrentBag<TimeSpan> _due = [];

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _due.Add(dueTime);
        return timer;
    }

    /// <summary>Waits until somebody waits for exactly so long.</summary>
    public Task AreAsync(TimeSpan due) => Eventually.HoldsAsync(() => _due.Contains(due));
}
