namespace ConfigClients.Consul.Wire;

/// <summary>Two tries at once, then four per second: answers that come at once and bring nothing must not make a hot loop. Not thread-safe.</summary>
internal sealed class ConsulTokenBucket(TimeProvider time)
{
    private const double Burst = 2;
    private const double PerSecond = 4;

    private double _tokens = Burst;
    private long _filledAt = time.GetTimestamp();

    /// <summary>Takes one token.</summary>
    /// <returns>How long to wait first.</returns>
    public TimeSpan Take()
    {
        long now = time.GetTimestamp();
        _tokens = Math.Min(Burst, _tokens + time.GetElapsedTime(_filledAt, now).TotalSeconds * PerSecond) - 1;
        _filledAt = now;
        return _tokens >= 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_tokens / PerSecond);
    }
}
