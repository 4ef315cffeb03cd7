using BenchmarkDotNet.Attributes;

namespace ConfigClients.Benchmarks.Micro;

/// <summary>What every call pays before anything else: the check of its key.</summary>
[MemoryDiagnoser]
public class KeyBenchmarks
{
    [Params("shop/db/host", "région/café/größe")]
    public string Key { get; set; } = "";

    [Benchmark]
    public void Check() => ConfigKey.Check(Key);
}
