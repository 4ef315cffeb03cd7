using ConfigClients.Backends;
using ConfigClients.Proof.Locks;
using ConfigClients.Proof.Members;
using ConfigClients.Proof.Processes;
using ConfigClients.Proof.TakeOver;

namespace ConfigClients.Proof;

/// <summary>The short runs of the proof on one store. The long ones are commands.</summary>
/// <param name="kind">Which store.</param>
public abstract class StoreProof(string kind)
{
    private readonly int _seed = Random.Shared.Next(1, 1_000_000);

    [Fact]
    public async Task Locks_survive_stopped_and_killed_processes_and_servers()
    {
        await using StoreUnderProof store = await StartAsync();

        LockProofResult result = await LockProof.RunAsync(store, LockProofOptions.Brief(kind, _seed));

        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Faults.Count == 0, result.ToString());
    }

    [Fact]
    public async Task Who_waits_behind_a_killed_holder_gets_the_lock_and_a_larger_token()
    {
        await using StoreUnderProof store = await StartAsync();

        TakeOverResult result = await TakeOverProof.RunAsync(store, _seed, holders: 3);

        // Whether it is within the bound, the long run says: here others may have the processor.
        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.Equal(0, result.FallenTokens);
        Assert.True(result.Times[^1] < result.Bound * 2, result.ToString());
    }

    [Fact]
    public async Task Members_agree_again_after_faults_and_each_partition_has_one_owner()
    {
        await using StoreUnderProof store = await StartAsync();

        MemberProofResult result = await MemberProof.RunAsync(store, new MemberProofOptions { Seed = _seed, Processes = 6 });

        TestContext.Current.TestOutputHelper?.WriteLine(result.ToString());
        Assert.True(result.Faults.Count == 0, result.ToString());
    }

    private Task<StoreUnderProof> StartAsync()
    {
        Assert.SkipWhen(kind != "embedded" && BackendSelection.IsOff, BackendsOffException.Reason);
        return StoreUnderProof.StartAsync(kind);
    }
}
