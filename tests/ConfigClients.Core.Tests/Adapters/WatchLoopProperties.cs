using ConfigClients.Adapters;
using ConfigClients.Conformance;
using ConfigClients.Core.Tests.Simulation;
using FsCheck.Xunit;
using Microsoft.Extensions.Logging.Abstractions;

namespace ConfigClients.Core.Tests.Adapters;

public sealed class WatchLoopProperties
{
    /// <summary>Both kinds of consumer end with what the store holds, and no promise is broken on the way.</summary>
    [Property(MaxTest = 100_000)]
    public bool Every_consumer_ends_with_the_state_of_the_store(byte[] schedule)
    {
        StoreSimulation store = new();
        AdversarialSource source = new(store, schedule);
        WatchConsumer consumer = new(StoreSimulation.Prefix);

        Run(source, consumer);

        IReadOnlyList<ConfigEntry> truth = store.Snapshot().Entries;
        return Matches(truth, consumer.State) && Matches(truth, consumer.StateFromChanges) && consumer.Faults.All(fault => IsExcused(fault, store));
    }

    /// <summary>After a restore the newest version may have a smaller revision; that alone is excused, and only then.</summary>
    private static bool IsExcused(string fault, StoreSimulation store) => store.Epoch > 0 && fault.Contains("a version that is not newer", StringComparison.Ordinal);

    private static bool Matches(IReadOnlyList<ConfigEntry> truth, IReadOnlyDictionary<string, ConfigEntry> state) =>
        truth.Count == state.Count
        && truth.All(entry => state.TryGetValue(entry.Key, out ConfigEntry? other) && other.Revision == entry.Revision && other.Value.Span.SequenceEqual(entry.Value.Span));

    private static void Run(AdversarialSource source, WatchConsumer consumer)
    {
        WatchLoop loop = new(source, "simulated", StoreSimulation.Prefix, new HastyTimeProvider(), NullLogger.Instance, new Random(1));
        IAsyncEnumerator<WatchBatch> batches = loop.RunAsync().GetAsyncEnumerator();
        try
        {
            while (batches.MoveNextAsync().AsTask().GetAwaiter().GetResult())
            {
                consumer.Take(batches.Current);
            }
        }
        catch (EndOfScheduleException)
        {
            // All that was to happen has happened.
        }
    }
}
