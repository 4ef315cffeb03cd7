using System.Diagnostics;

namespace ConfigClients.Benchmarks;

/// <summary>From the moment a write is called to the moment a watcher has its value in hand, over a series of numbered writes.</summary>
internal sealed class ChangeLatency(int count)
{
    private readonly long[] _called = new long[count];
    private readonly long[] _seen = new long[count];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Whether the last number is written.</summary>
    public bool AllWritten { get; private set; }

    /// <summary>The watcher calls this with each number it sees.</summary>
    public void Saw(int number) => Saw(number, Stopwatch.GetTimestamp());

    /// <summary>The same, for what was seen elsewhere, by the same clock.</summary>
    public void Saw(int number, long at)
    {
        if (number >= 0 && number < count && Interlocked.CompareExchange(ref _seen[number], at, 0) == 0 && number == count - 1)
        {
            _done.TrySetResult();
        }
    }

    /// <summary>Writes the numbers, a few milliseconds apart, and waits until the last is seen.</summary>
    public async Task<double> RunAsync(Func<int, Task> write)
    {
        for (int number = 0; number < count; number++)
        {
            _called[number] = Stopwatch.GetTimestamp();
            await write(number);
            await Task.Delay(4);
        }

        AllWritten = true;
        await _done.Task.WaitAsync(TimeSpan.FromSeconds(30));
        return Stat.Median(Enumerable.Range(0, count)
            .Where(number => _seen[number] != 0)
            .Select(number => Stopwatch.GetElapsedTime(_called[number], _seen[number]).TotalMicroseconds));
    }
}
