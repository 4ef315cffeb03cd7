using BenchmarkDotNet.Attributes;

namespace ConfigClients.Benchmarks.Micro;

/// <summary>CPU and allocations of the embedded store without a disk: private memory.</summary>
[MemoryDiagnoser]
public class EmbeddedBenchmarks
{
    private readonly byte[] _value = new byte[100];
    private IConfigStore _store = null!;

    [GlobalSetup]
    public async Task SetUpAsync()
    {
        _store = new ConfigStoreBuilder().UseEmbedded().UseAddress("embedded::memory:").Build();
        await _store.SetAsync("bench/key", _value);
    }

    [GlobalCleanup]
    public async Task CleanUpAsync() => await _store.DisposeAsync();

    [Benchmark]
    public async Task<ConfigEntry?> GetAsync() => await _store.GetAsync("bench/key");

    [Benchmark]
    public async Task<WriteResult> SetAsync() => await _store.SetAsync("bench/key", _value);
}
