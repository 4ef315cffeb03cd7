namespace ConfigClients.Core.Tests.Simulation;

/// <summary>A clock without timers that a test moves: cheap enough for a hundred thousand schedules.</summary>
internal sealed class ManualClock : TimeProvider
{
    public TimeSpan Now { get; private set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public void Advance(TimeSpan by) => Now += by;

    public override long GetTimestamp() => Now.Ticks;
}
