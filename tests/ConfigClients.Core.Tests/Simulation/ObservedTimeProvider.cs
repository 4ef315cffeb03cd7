using ConfigClients.Conformance;
using Microsoft.Extensions.Time.Testing;

namespace ConfigClients.Core.Tests.Simulation;

/// <summary>A fake clock that knows how often somebody set a timer, so that a test moves it only once the other side waits.</summary>
internal sealed class ObservedTimeProvider : FakeTimeProvider
{
    private int _timers;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        ITimer timer = base.CreateTimer(callback, state, dueTime, period);
        Interlocked.Increment(ref _timers);
        return timer;
    }

    /// <summary>Waits until so many timers were set since the beginning.</summary>
    public Task UntilTimersAsync(int count) => Eventually.HoldsAsync(() => Volatile.Read(ref _timers) >= count);
}
