namespace ConfigClients.Conformance.Faults;

/// <summary>The machine's clocks, but for the time of day, which somebody sets. Timers and timestamps go on as if nothing had happened. Thread-safe.</summary>
public sealed class SteppedClock : TimeProvider
{
    private long _offsetTicks;

    /// <summary>How far the time of day is off. Default: not at all.</summary>
    public TimeSpan Offset
    {
        get => new(Interlocked.Read(ref _offsetTicks));
        set => Interlocked.Exchange(ref _offsetTicks, value.Ticks);
    }

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow() => base.GetUtcNow() + Offset;
}
