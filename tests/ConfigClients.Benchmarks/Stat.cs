using System.Diagnostics;

namespace ConfigClients.Benchmarks;

/// <summary>Medians, and loops that measure one operation.</summary>
internal static class Stat
{
    public static double Median(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? double.NaN : sorted[sorted.Length / 2];
    }

    /// <summary>The median duration of one operation at a time, in microseconds.</summary>
    public static async Task<double> MedianMicrosecondsAsync(Func<ValueTask> operation, TimeSpan length)
    {
        List<double> samples = new(100_000);
        long end = Stopwatch.GetTimestamp() + (long)(length.TotalSeconds * Stopwatch.Frequency);
        long start;
        while ((start = Stopwatch.GetTimestamp()) < end)
        {
            await operation();
            samples.Add(Stopwatch.GetElapsedTime(start).TotalMicroseconds);
        }

        return Median(samples);
    }

    /// <summary>Operations per second with a number of them always under way. Any failure ends the run.</summary>
    public static async Task<double> ThroughputAsync(Func<ValueTask> operation, int inFlight, TimeSpan length)
    {
        long count = 0;
        long start = Stopwatch.GetTimestamp();
        long end = start + (long)(length.TotalSeconds * Stopwatch.Frequency);
        await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
        {
            while (Stopwatch.GetTimestamp() < end)
            {
                await operation();
                Interlocked.Increment(ref count);
            }
        }));
        return count / Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    /// <summary>Managed bytes allocated per operation, by the whole process.</summary>
    public static async Task<double> BytesPerOperationAsync(Func<ValueTask> operation, int count)
    {
        for (int i = 0; i < count / 10; i++)
        {
            await operation();
        }

        long before = GC.GetTotalAllocatedBytes(precise: true);
        for (int i = 0; i < count; i++)
        {
            await operation();
        }

        return (GC.GetTotalAllocatedBytes(precise: true) - before) / (double)count;
    }

    /// <summary>The same with a number of operations always under way.</summary>
    public static async Task<double> BytesPerOperationInFlightAsync(Func<ValueTask> operation, int inFlight)
    {
        const int Each = 200;
        double bytes = await BytesPerOperationAsync(
            async () => await Task.WhenAll(Enumerable.Range(0, inFlight).Select(async _ =>
            {
                for (int i = 0; i < Each; i++)
                {
                    await operation();
                }
            })),
            10);
        return bytes / (Each * inFlight);
    }
}
