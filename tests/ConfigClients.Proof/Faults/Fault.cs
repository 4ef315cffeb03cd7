namespace ConfigClients.Proof.Faults;

/// <summary>One fault of a schedule.</summary>
/// <param name="Kind">What is done.</param>
/// <param name="After">How long after the fault before it.</param>
/// <param name="Target">Which client, from 0.</param>
/// <param name="Length">For how long.</param>
public sealed record Fault(FaultKind Kind, TimeSpan After, int Target, TimeSpan Length);
