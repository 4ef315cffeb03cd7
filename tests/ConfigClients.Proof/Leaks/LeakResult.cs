namespace ConfigClients.Proof.Leaks;

/// <summary>What became of a run.</summary>
/// <param name="Count">How many locks were taken, and how many watches opened.</param>
/// <param name="Before">The process when everything had been used once.</param>
/// <param name="During">The process at the end of the work.</param>
/// <param name="After">The process when it had come to rest.</param>
/// <param name="Seats">How many seats are left.</param>
/// <param name="SessionsBefore">How many sessions the store knew when everything had been used once.</param>
/// <param name="Sessions">How many it knows after the work. As many.</param>
/// <param name="SpareDescriptors">How many descriptors the store may keep for later.</param>
/// <param name="SessionsInTheEnd">How many it knows when the client is closed. None.</param>
public sealed record LeakResult(int Count, ProcessFootprint Before, ProcessFootprint During, ProcessFootprint After, int Seats, int SessionsBefore, int Sessions, int SpareDescriptors, int SessionsInTheEnd)
{
    /// <summary>What makes the run fail.</summary>
    public IReadOnlyList<string> Faults =>
    [
        .. After.IsWithin(Before, SpareDescriptors) ? Array.Empty<string>() : [$"{After.Descriptors} descriptors and {After.Threads} threads are open; before, there were {Before.Descriptors} and {Before.Threads}"],
        .. Seats == 0 ? Array.Empty<string>() : [$"{Seats} seats are left"],
        .. (Sessions, SessionsInTheEnd) == (SessionsBefore, 0) ? Array.Empty<string>() : [$"the store knew {SessionsBefore} sessions, knows {Sessions} now, and {SessionsInTheEnd} when the client is closed"],
    ];

    /// <summary>The run in words.</summary>
    /// <returns>A line, and one for each fault.</returns>
    public override string ToString() => string.Join('\n',
    [
        $"{Count} locks and {Count} watches: descriptors {Before.Descriptors}, {During.Descriptors}, {After.Descriptors}; threads {Before.Threads}, {During.Threads}, {After.Threads}; seats {Seats}; sessions {SessionsBefore}, {Sessions}, {SessionsInTheEnd}",
        .. Faults.Select(static fault => $"FAULT {fault}"),
    ]);
}
