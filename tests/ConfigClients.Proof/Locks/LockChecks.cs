using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof.Locks;

/// <summary>What must hold of any history of holds.</summary>
public static class LockChecks
{
    /// <summary>Tokens rise strictly in the order in which locks were granted, by real time, and are given once.</summary>
    /// <param name="holds">The holds of one arm.</param>
    /// <returns>One text per fault.</returns>
    public static IEnumerable<string> TokenFaults(IEnumerable<Hold> holds) =>
        from queue in holds.GroupBy(static hold => hold.Number)
        let inOrder = queue.OrderBy(static hold => hold.Start).ToArray()
        from pair in inOrder.Zip(inOrder.Skip(1))
        where pair.Second.Token <= pair.First.Token
        select $"lock {queue.Key}: token {pair.Second.Token} was granted at {pair.Second.Start} ns, after token {pair.First.Token} at {pair.First.Start} ns";

    /// <summary>Two processes never believe at the same time that they hold a lock.</summary>
    /// <param name="holds">The holds of one arm.</param>
    /// <returns>One text per fault.</returns>
    public static IEnumerable<string> OverlapFaults(IEnumerable<Hold> holds)
    {
        foreach (IGrouping<int, Hold> queue in holds.GroupBy(static hold => hold.Number))
        {
            Hold? longest = null;
            foreach (Hold hold in queue.OrderBy(static hold => hold.Start))
            {
                if (longest is not null && hold.Start < longest.End)
                {
                    double overlapMs = (Math.Min(longest.End, hold.End) - hold.Start) / 1e6;
                    yield return $"lock {queue.Key}: tokens {longest.Token} and {hold.Token} are both believed in from {hold.Start} ns on, for {overlapMs:F1} ms";
                }

                longest = longest is null || hold.End > longest.End ? hold : longest;
            }
        }
    }

    /// <summary>A resource that looks at tokens takes no stale write and loses no update.</summary>
    /// <param name="states">The resource's counters.</param>
    /// <returns>One text per fault.</returns>
    public static IEnumerable<string> ResourceFaults(IEnumerable<ResourceState> states) =>
        from state in states
        where state.StaleTaken > 0 || state.Lost != 0
        select $"the fenced resource took {state.StaleTaken} stale writes of {state.Taken} and lost {state.Lost} updates";
}
