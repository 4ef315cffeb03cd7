namespace ConfigClients.Core.Tests.Simulation;

/// <summary>A clock that moves on at every reading, as if the thread were held up between any two.</summary>
internal sealed class SteppingTimeProvider(TimeSpan step) : TimeProvider
{
    private long _now;

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override long GetTimestamp() => _now += step.Ticks;
}
