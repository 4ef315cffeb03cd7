using ConfigClients.Backends;
using ConfigClients.Proof.Locks;
using ConfigClients.Proof.Processes;

namespace ConfigClients.Proof;

public sealed class LockProofTests
{
    [Fact]
    public Task Locks_of_the_embedded_store_survive_stopped_and_killed_processes() => ProveAsync("embedded");

    [Fact]
    public Task Locks_on_Consul_survive_stopped_and_killed_processes_and_a_killed_server() => ProveAsync("consul");

    [Fact]
    public Task Locks_on_etcd_survive_stopped_and_killed_processes_and_a_killed_server() => ProveAsync("etcd");

    [Fact]
    public Task Locks_on_ZooKeeper_survive_stopped_and_killed_processes_and_a_killed_server() => ProveAsync("zookeeper");

    private static async Task ProveAsync(string kind)
    {
        Assert.SkipWhen(kind != "embedded" && BackendSelection.IsOff, BackendsOffException.Reason);
        int seed = Random.Shared.Next(1, 1_000_000);
        await using StoreUnderProof store = await StoreUnderProof.StartAsync(kind);

        LockProofResult result = await LockProof.RunAsync(store, LockProofOptions.Brief(kind, seed));

        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Faults.Count == 0, result.ToString());
    }
}
