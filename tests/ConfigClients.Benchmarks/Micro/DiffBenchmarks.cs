using BenchmarkDotNet.Attributes;
using ConfigClients.Adapters;

namespace ConfigClients.Benchmarks.Micro;

/// <summary>One key changed among 10,000: what finding it costs.</summary>
[MemoryDiagnoser]
public class DiffBenchmarks
{
    private readonly ConfigEntry[] _before =
        [.. Enumerable.Range(0, 10_000).Select(i => new ConfigEntry($"bench/key-{i:D5}", new byte[100], new Revision(i + 1), i + 1))];

    private readonly ConfigEntry[] _after;

    public DiffBenchmarks()
    {
        _after = [.. _before];
        _after[5_000] = new ConfigEntry(_before[5_000].Key, new byte[100], new Revision(20_000), 5_001);
    }

    [Benchmark]
    public int Between() => SnapshotDiff.Between(_before, _after).Count;
}
