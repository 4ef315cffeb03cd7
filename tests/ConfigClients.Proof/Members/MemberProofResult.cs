using ConfigClients.Proof.Faults;

namespace ConfigClients.Proof.Members;

/// <summary>What became of a run.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Length">How long it took.</param>
/// <param name="Inflicted">The faults that were inflicted.</param>
/// <param name="Settled">How long it took, each time, until all agreed.</param>
/// <param name="Views">How many views were seen.</param>
/// <param name="Ownerships">How often a partition got an owner.</param>
/// <param name="Writes">How many writes of owners the resource took.</param>
/// <param name="Refused">How many it refused, of old owners.</param>
/// <param name="Faults">What makes the run fail.</param>
public sealed record MemberProofResult(
    int Seed, TimeSpan Length, IReadOnlyDictionary<FaultKind, int> Inflicted, IReadOnlyList<TimeSpan> Settled,
    int Views, int Ownerships, int Writes, int Refused, IReadOnlyList<string> Faults)
{
    /// <summary>The run in words.</summary>
    /// <returns>Some lines.</returns>
    public override string ToString() => string.Join('\n',
    [
        $"seed {Seed}, {Length.TotalSeconds:F0} s, faults: {string.Join(", ", Inflicted.Select(static fault => $"{fault.Value} {fault.Key}"))}",
        $"{Settled.Count} times quiet, all agreed after {Settled.Max().TotalSeconds:F1} s at most; {Views} views",
        $"{Ownerships} ownerships, {Writes} writes taken, {Refused} of old owners refused",
        .. Faults.Select(static fault => $"FAULT {fault}"),
    ]);
}
