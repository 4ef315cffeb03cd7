using System.Globalization;

namespace ConfigClients.Tests;

/// <summary>The samples run as processes of their own, several on one store, as a reader would run them in several terminals.</summary>
public abstract class SampleConformance
{
    /// <summary>What a reader would write behind <c>--store</c>: a place where nothing else is.</summary>
    protected abstract string Store { get; }

    [Fact]
    public async Task Quickstart_shows_a_callback_and_ends_by_itself_with_nobody_at_the_keyboard()
    {
        await using SampleProcess sample = SampleProcess.Start("Quickstart", "--store", Store);

        IReadOnlyList<string> lines = await sample.EndAsync();

        Assert.Contains(lines, line => line.StartsWith($"Store: {Store.Split(':')[0]}. ", StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.StartsWith("OnChange: greeting is \"hello at ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Fenced_lock_shows_that_late_writes_are_refused_and_ends_by_itself()
    {
        await using SampleProcess sample = SampleProcess.Start("FencedLock", "--store", Store);

        IReadOnlyList<string> lines = await sample.EndAsync();

        Assert.Contains("First holder writes 100: store accepts, ledger accepts.", lines);
        Assert.Contains("First holder, late writes 150: store refuses, ledger refuses.", lines);
        Assert.Contains("The balance is 200 in the store, 200 in the ledger.", lines);
    }

    [Fact]
    public async Task Fenced_lock_goes_on_to_the_next_process_when_its_holder_is_killed()
    {
        await using SampleProcess holder = SampleProcess.Start("FencedLock", "--store", Store, "--stay");
        await holder.SaysAsync(static lines => lines.Any(static line => line.StartsWith("Holding on", StringComparison.Ordinal)));
        await using SampleProcess waiter = SampleProcess.Start("FencedLock", "--store", Store);
        await waiter.SaysAsync(static lines => lines.Count > 0);

        await holder.KillAsync();
        IReadOnlyList<string> lines = await waiter.EndAsync();

        Assert.True(Token(lines, "First holder: ") > Token(holder.Lines, "Second holder: "));
    }

    [Fact]
    public async Task Leader_worker_goes_on_counting_elsewhere_when_the_leader_is_killed()
    {
        await using SampleProcess leader = SampleProcess.Start("LeaderWorker", "--store", Store, "--stay");
        await leader.SaysAsync(static lines => lines.Contains("tick 2"));
        await using SampleProcess other = SampleProcess.Start("LeaderWorker", "--store", Store, "--stay");
        await other.SaysAsync(lines => lines.Any(line => line.StartsWith($"Leader: process {leader.Id},", StringComparison.Ordinal)));
        bool workedBefore = other.Lines.Any(static line => line.StartsWith("tick", StringComparison.Ordinal));

        await leader.KillAsync();
        await other.SaysAsync(static lines => lines.Any(static line => line.StartsWith("tick", StringComparison.Ordinal)));

        string last = leader.Lines.Last(static line => line.StartsWith("tick", StringComparison.Ordinal));
        string next = other.Lines.First(static line => line.StartsWith("tick", StringComparison.Ordinal));

        // The last count may have been written and not been said any more.
        Assert.False(workedBefore);
        Assert.InRange(Number(next[5..]) - Number(last[5..]), 1, 2);
    }

    [Fact]
    public async Task Leader_worker_ends_by_itself_with_nobody_at_the_keyboard()
    {
        await using SampleProcess sample = SampleProcess.Start("LeaderWorker", "--store", Store);

        IReadOnlyList<string> lines = await sample.EndAsync();

        Assert.Contains(lines, line => line.StartsWith($"Leader: process {sample.Id}, term ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Shards_of_a_process_that_is_killed_move_to_the_others()
    {
        await using SampleProcess first = SampleProcess.Start("ShardedWork", "--store", Store, "--stay");
        await using SampleProcess second = SampleProcess.Start("ShardedWork", "--store", Store, "--stay");
        await using SampleProcess third = SampleProcess.Start("ShardedWork", "--store", Store, "--stay");
        SampleProcess[] all = [first, second, third];
        await first.SaysAsync(_ => AreSpread(all));

        // The spread follows from random ids, and may leave one with nothing. The richest has something to lose.
        SampleProcess richest = all.MaxBy(static process => Shards(process).Count)!;
        SampleProcess[] others = [.. all.Where(process => process != richest)];
        IReadOnlySet<int> lost = Shards(richest);
        await richest.KillAsync();
        await first.SaysAsync(_ => AreSpread(others));

        Assert.All(lost, shard => Assert.Contains(shard, others.SelectMany(Shards)));
    }

    [Fact]
    public async Task Sharded_work_lets_everything_go_and_ends_by_itself_with_nobody_at_the_keyboard()
    {
        await using SampleProcess sample = SampleProcess.Start("ShardedWork", "--store", Store);

        IReadOnlyList<string> lines = await sample.EndAsync();

        Assert.Contains(lines, static line => line.StartsWith("+ shard", StringComparison.Ordinal));
        Assert.Empty(Shards(sample));
    }

    private static long Token(IReadOnlyList<string> lines, string who) =>
        Number(lines.Single(line => line.StartsWith(who, StringComparison.Ordinal)).Split("token ")[1].Split(',', '.')[0]);

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    /// <summary>Whether each of the eight shards is with exactly one of them.</summary>
    private static bool AreSpread(params SampleProcess[] processes) =>
        processes.SelectMany(Shards).Order().SequenceEqual(Enumerable.Range(0, 8));

    /// <summary>What a process says it has: "+ shard 3, epoch 12", and later "- shard 3".</summary>
    private static HashSet<int> Shards(SampleProcess process)
    {
        HashSet<int> shards = [];
        foreach (string[] words in process.Lines.Select(static line => line.Split(' ', ',', ':')).Where(static words => words is ["+" or "-", "shard", ..]))
        {
            _ = words[0] == "+" ? shards.Add(Number(words[2])) : shards.Remove(Number(words[2]));
        }

        return shards;
    }
}
