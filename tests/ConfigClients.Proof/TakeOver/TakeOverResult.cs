namespace ConfigClients.Proof.TakeOver;

/// <summary>How long it took until the next one had the lock of a holder that was killed.</summary>
/// <param name="Seed">The seed.</param>
/// <param name="Times">The times, the shortest first.</param>
/// <param name="Bound">The bound that is published.</param>
/// <param name="FallenTokens">How many of the next holders had no larger token.</param>
public sealed record TakeOverResult(int Seed, IReadOnlyList<TimeSpan> Times, TimeSpan Bound, int FallenTokens)
{
    /// <summary>What makes the run fail.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. Times.Where(time => time > Bound).Select(time => $"a take-over took {time.TotalSeconds:F2} s; the bound is {Bound.TotalSeconds} s"),
        .. FallenTokens > 0 ? [$"{FallenTokens} tokens did not rise"] : Array.Empty<string>(),
    ];

    /// <summary>The run in words.</summary>
    /// <returns>A line, and one for each fault.</returns>
    public override string ToString() => string.Join('\n',
    [
        $"seed {Seed}, {Times.Count} holders killed: shortest {Times[0].TotalSeconds:F2} s, median {Times[Times.Count / 2].TotalSeconds:F2} s, longest {Times[^1].TotalSeconds:F2} s, bound {Bound.TotalSeconds:F1} s",
        .. Faults.Select(static fault => $"FAULT {fault}"),
    ]);
}
