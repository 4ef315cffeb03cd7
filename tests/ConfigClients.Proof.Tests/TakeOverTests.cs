using ConfigClients.Backends;
using ConfigClients.Proof.Processes;
using ConfigClients.Proof.TakeOver;

namespace ConfigClients.Proof;

public sealed class TakeOverTests
{
    [Theory]
    [InlineData("embedded")]
    [InlineData("consul")]
    [InlineData("etcd")]
    [InlineData("zookeeper")]
    public async Task Who_waits_behind_a_killed_holder_gets_the_lock_and_a_larger_token(string kind)
    {
        Assert.SkipWhen(kind != "embedded" && BackendSelection.IsOff, BackendsOffException.Reason);
        await using StoreUnderProof store = await StoreUnderProof.StartAsync(kind);

        TakeOverResult result = await TakeOverProof.RunAsync(store, Random.Shared.Next(1, 1_000_000), holders: 3);

        // Whether it is within the bound, the long run says: here other tests may have the processor.
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.Equal(0, result.FallenTokens);
        Assert.True(result.Times[^1] < result.Bound * 2, result.ToString());
    }
}
