using System.Diagnostics;
using System.Globalization;
using System.Text;
using ConfigClients.Backends;
using ConfigClients.Backends.Consul;
using ConfigClients.Conformance;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Primitives;

namespace ConfigClients.Tests;

/// <summary>F58, F59: at most one reload per window, and the last value wins, while a real server is written to without a pause.</summary>
public sealed class ConsulLoadTests : IAsyncDisposable
{
    private const int Count = 10_000;

    private static readonly TimeSpan Window = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly string _prefix = $"t-{Guid.NewGuid():N}";
    private IConfigStore? _writer;
    private int _reloads;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Ten_thousand_quick_changes_of_one_key_reload_once_per_window_and_the_last_one_wins()
    {
        using ConfigurationRoot root = await StartAsync();
        long start = Stopwatch.GetTimestamp();

        await Parallel.ForAsync(0, Count, new ParallelOptions { MaxDegreeOfParallelism = 16, CancellationToken = Cancelled }, async (i, cancel) =>
            await _writer!.SetAsync("doc.json", i % 10 == 0 ? "{ bad" : $$"""{"value":{{i}}}""", cancellationToken: cancel));
        await _writer!.SetAsync("doc.json", """{"value":"last"}""", cancellationToken: Cancelled);

        await Eventually.HoldsAsync(() => root["doc:value"] == "last", Patience);
        AssertOnePerWindow(start);
    }

    [Fact]
    public async Task Ten_thousand_keys_changed_at_once_reload_once_per_window()
    {
        using ConfigurationRoot root = await StartAsync();
        long start = Stopwatch.GetTimestamp();

        await Parallel.ForEachAsync(Enumerable.Range(0, Count).Chunk(50), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = Cancelled }, async (part, cancel) =>
        {
            Transaction transaction = new();
            foreach (int i in part)
            {
                transaction.Set($"s/{i}", Encoding.UTF8.GetBytes(i.ToString(CultureInfo.InvariantCulture)));
            }

            await _writer!.CommitAsync(transaction, cancel);
        });

        await Eventually.HoldsAsync(() => root.GetSection("s").GetChildren().Count() == Count, Patience);
        Assert.All(Enumerable.Range(0, Count), i => Assert.Equal(i.ToString(CultureInfo.InvariantCulture), root[$"s:{i}"]));
        AssertOnePerWindow(start);
    }

    public ValueTask DisposeAsync() => _writer?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<ConfigurationRoot> StartAsync()
    {
        Assert.SkipWhen(BackendSelection.IsOff, BackendsOffException.Reason);
        ConsulBackend consul = await SharedConsul.GetAsync();
        string address = $"consul://{consul.Host}:{consul.Port}/{_prefix}";
        _writer = new ConfigStoreBuilder().UseConsul().UseAddress(address).Build();
        await _writer.SetAsync("first", "1", cancellationToken: Cancelled);
        IConfigurationRoot root = new ConfigurationBuilder().AddDistributedConfig(options =>
        {
            options.Store.UseConsul();
            options.Address = address;
            options.CoalesceWindow = Window;
        }).Build();
        ChangeToken.OnChange(root.GetReloadToken, () => Interlocked.Increment(ref _reloads));
        return (ConfigurationRoot)root;
    }

    private void AssertOnePerWindow(long start) =>
        Assert.InRange(Volatile.Read(ref _reloads), 1, 1 + (int)(Stopwatch.GetElapsedTime(start) / Window));
}
