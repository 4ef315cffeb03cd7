using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.Adapters;

/// <summary>Waiting times between tries: doubling, bounded, and jittered so that clients do not come back in step.</summary>
/// <remarks>Not thread-safe; one per loop.</remarks>
/// <param name="first">The first wait, before jitter.</param>
/// <param name="longest">The longest wait.</param>
/// <param name="random">The source of the jitter.</param>
[Experimental("CONFIGCLIENTS001")]
public sealed class Backoff(TimeSpan first, TimeSpan longest, Random random)
{
    private int _step;

    /// <summary>The next wait: between half of the current step and the whole of it.</summary>
    /// <returns>The wait.</returns>
    public TimeSpan Next()
    {
        TimeSpan step = first * Math.Pow(2, Math.Min(_step++, 30));
        return (step < longest ? step : longest) * (0.5 + (random.NextDouble() / 2));
    }

    /// <summary>Something worked: the next wait is the first again.</summary>
    public void Reset() => _step = 0;
}
