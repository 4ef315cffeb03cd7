using System.Globalization;
using ConfigClients.Backends;
using ConfigClients.Proof.Locks;
using ConfigClients.Proof.Members;
using ConfigClients.Proof.Pauses;
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

    [Fact] // F43, F44, F61
    public async Task A_process_that_is_stopped_briefly_keeps_all_and_one_that_is_stopped_for_long_knows_at_once()
    {
        await using StoreUnderProof store = await StartAsync();
        await using PauseStage stage = await PauseStage.SetAsync(store);

        await stage.BetweenHeartbeatsAsync();
        stage.Child.Pause();
        await Task.Delay(StoreUnderProof.Ttl * 0.4, TestContext.Current.CancellationToken);
        stage.Child.Resume();
        string[] first = await stage.HearAsync("woke");
        await stage.UntilNowAsync(static (isHeld, validFor, isMember, _) => isHeld && validFor > TimeSpan.FromSeconds(8) && isMember);
        (bool wasTaken, bool wasLost, IReadOnlyList<long?> seen) = (stage.IsTaken, stage.HasSaid("lost"), stage.Epochs);

        await stage.PauseAsync();
        (long token, _) = await stage.TakenAsync();
        await stage.UntilSeenAsync(static epochs => epochs[^1] is null);
        stage.Child.Resume();
        await stage.UntilSeenAsync(epochs => epochs[^1] > stage.Epoch);
        string[] second = await stage.HearAsync("woke");
        await stage.HearAsync("told");

        Assert.Equal(("True", false, false), (first[1], wasTaken, wasLost));
        Assert.Equal([stage.Epoch], seen);
        Assert.Equal(("False", true), (second[1], token > stage.Token));
        Assert.Equal(3, stage.Epochs.Count);
    }

    [Fact] // F46
    public async Task A_process_without_a_free_thread_knows_on_time_that_it_lost_the_lock_and_recovers()
    {
        await using StoreUnderProof store = await StartAsync();
        await using PauseStage stage = await PauseStage.SetAsync(store);

        stage.Child.Tell("15000");
        await stage.HearAsync("starves");
        long lostAt = long.Parse((await stage.HearAsync("lost"))[1], CultureInfo.InvariantCulture);
        bool wasTold = stage.HasSaid("told");
        (long token, long takenAt) = await stage.TakenAsync();
        await stage.UntilSeenAsync(epochs => epochs[^1] > stage.Epoch);
        await stage.UntilNowAsync((isHeld, _, isMember, epoch) => !isHeld && isMember && epoch > stage.Epoch);
        string[] told = await stage.HearAsync("told");

        // By the clock, and not by a callback, for which there was no thread.
        Assert.Equal((false, "DeadlinePassed"), (wasTold, told[1]));
        Assert.True(lostAt < takenAt, "Two believed in the lock at a time.");
        Assert.True(token > stage.Token);
    }

    private Task<StoreUnderProof> StartAsync()
    {
        Assert.SkipWhen(kind != "embedded" && BackendSelection.IsOff, BackendsOffException.Reason);
        return StoreUnderProof.StartAsync(kind);
    }
}
