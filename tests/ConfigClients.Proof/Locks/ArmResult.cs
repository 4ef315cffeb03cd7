using ConfigClients.Proof.Resource;

namespace ConfigClients.Proof.Locks;

/// <summary>What became of one arm.</summary>
/// <param name="Arm">The arm.</param>
/// <param name="Grants">How often a lock was granted.</param>
/// <param name="Writes">How many writes the resource took.</param>
/// <param name="Stale">How many of them were stale.</param>
/// <param name="Refused">How many reads and writes it refused.</param>
/// <param name="Lost">How many updates were lost.</param>
/// <param name="Overlaps">How often two processes believed in the same lock.</param>
public sealed record ArmResult(Arm Arm, int Grants, int Writes, int Stale, int Refused, long Lost, int Overlaps);
