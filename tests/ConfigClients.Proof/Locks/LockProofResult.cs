using System.Text;
using ConfigClients.Proof.Faults;
using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof.Locks;

/// <summary>What became of a run.</summary>
/// <param name="Seed">Its seed.</param>
/// <param name="Length">How long it took.</param>
/// <param name="History">What the processes said.</param>
/// <param name="Arms">What became of each arm.</param>
/// <param name="Inflicted">The faults that were inflicted.</param>
/// <param name="Violations">Promises that were broken.</param>
public sealed record LockProofResult(
    int Seed, TimeSpan Length, LockHistory History, IReadOnlyList<ArmResult> Arms, IReadOnlyDictionary<FaultKind, int> Inflicted, IReadOnlyList<string> Violations)
{
    /// <summary>Everything that makes the run fail: broken promises, and arms that should have lost something and did not.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. Violations,
        .. Arms.Where(static arm => arm.Arm != Arm.Fenced && arm.Stale == 0).Select(static arm => $"the harness is broken: the arm {arm.Arm} took no stale write"),
        .. Arms.Where(static arm => arm.Arm == Arm.Naive && arm.Overlaps == 0).Select(static arm => $"the harness is broken: the arm {arm.Arm} had no two holders at a time"),
        .. Arms.Where(static arm => arm.Grants == 0).Select(static arm => $"the harness is broken: the arm {arm.Arm} had no grant"),
    ];

    /// <summary>The run in words.</summary>
    /// <returns>Some lines.</returns>
    public override string ToString()
    {
        StringBuilder text = new();
        text.AppendLine($"seed {Seed}, {Length.TotalSeconds:F0} s, faults: {string.Join(", ", Inflicted.Select(static fault => $"{fault.Value} {fault.Key}"))}");
        foreach (ArmResult arm in Arms)
        {
            text.AppendLine($"{arm.Arm,-9} {arm.Grants,6} grants, {arm.Writes,6} writes taken, {arm.Stale} stale, {arm.Lost} lost, {arm.Refused} refused, {arm.Overlaps} overlaps");
        }

        text.AppendLine($"guarded writes in the store: {History.Counters.Values.Sum(static counter => counter.Applied)} confirmed, "
            + $"{History.Counters.Values.Sum(static counter => counter.NotApplied)} refused; grants that came too late: {History.Late}");
        text.AppendLine($"calls that failed: {string.Join(", ", History.Failures.Select(static failure => $"{failure.Value} {failure.Key}"))}");
        foreach (string fault in Faults)
        {
            text.AppendLine($"FAULT {fault}");
        }

        return text.ToString();
    }
}
