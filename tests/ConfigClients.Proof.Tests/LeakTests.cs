using ConfigClients.Backends;
using ConfigClients.Proof.Leaks;
using ConfigClients.Proof.Processes;

namespace ConfigClients.Proof;

/// <summary>Counts what this process has open, so nothing else may run in it.</summary>
[Collection(nameof(LeakTests))]
[CollectionDefinition(nameof(LeakTests), DisableParallelization = true)]
public sealed class LeakTests
{
    [Theory]
    [InlineData("embedded")]
    [InlineData("consul")]
    [InlineData("etcd")]
    [InlineData("zookeeper")]
    public async Task Five_hundred_locks_and_watches_give_back_all_they_took(string kind)
    {
        Assert.SkipWhen(kind != "embedded" && BackendSelection.IsOff, BackendsOffException.Reason);
        await using StoreUnderProof store = await StoreUnderProof.StartAsync(kind);

        LeakResult result = await LeakProof.RunAsync(store, count: 500);

        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Faults.Count == 0, result.ToString());
    }
}
