using System.Collections.Concurrent;
using ConfigClients.Conformance;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Tests;

/// <summary>A clock that a test moves and that tells what is being waited for.</summary>
public sealed class DueTimes : FakeTimeProvider
{
    private readonly ConcurrentBag<TimeSpan> _due = [];

    /// <summary>The longest wait so far, but for those without an end.</summary>
    public TimeSpan Longest => _due.DefaultIfEmpty().Max();

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        _due.Add(dueTime);
        return timer;
    }

    /// <summary>Waits until somebody waits for exactly so long.</summary>
    public Task AreAsync(TimeSpan due) => Eventually.HoldsAsync(() => _due.Contains(due));
}
