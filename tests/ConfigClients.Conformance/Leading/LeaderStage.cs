using System.Collections.Concurrent;
using ConfigClients.Recipes;

namespace ConfigClients.Conformance.Leading;

/// <summary>What the leader services of a test do, and what is seen of them.</summary>
public sealed class LeaderStage
{
    private readonly ConcurrentQueue<Leadership> _leads = new();
    private int _inside;
    private int _most;
    private int _made;
    private int _disposed;

    /// <summary>What a service does. Default: nothing, until it is asked to stop.</summary>
    public Func<Leadership, CancellationToken, Task> Act { get; set; } = static (_, stopping) => Task.Delay(Timeout.Infinite, stopping);

    /// <summary>Every lead, in order.</summary>
    public IReadOnlyList<Leadership> Leads => [.. _leads];

    /// <summary>How many work now.</summary>
    public int Inside => Volatile.Read(ref _inside);

    /// <summary>The most who worked at a time.</summary>
    public int Most => Volatile.Read(ref _most);

    /// <summary>How many were made, and how many disposed of.</summary>
    public (int Made, int Disposed) Count => (Volatile.Read(ref _made), Volatile.Read(ref _disposed));

    /// <summary>Waits until there were so many leads.</summary>
    /// <param name="count">How many.</param>
    /// <returns>The last of them.</returns>
    public async Task<Leadership> LeadAsync(int count)
    {
        await Eventually.HoldsAsync(() => _leads.Count >= count, TimeSpan.FromSeconds(30));
        return Leads[count - 1];
    }

    internal void Make() => Interlocked.Increment(ref _made);

    internal void Dispose() => Interlocked.Increment(ref _disposed);

    internal async Task RunAsync(Leadership leadership, CancellationToken stopping)
    {
        int inside = Interlocked.Increment(ref _inside);
        InterlockedMax(inside);
        _leads.Enqueue(leadership);
        try
        {
            await Act(leadership, stopping);
        }
        finally
        {
            Interlocked.Decrement(ref _inside);
        }
    }

    private void InterlockedMax(int inside)
    {
        int seen;
        while ((seen = Volatile.Read(ref _most)) < inside && Interlocked.CompareExchange(ref _most, inside, seen) != seen)
        {
            // Somebody else was quicker: compare again.
        }
    }
}
