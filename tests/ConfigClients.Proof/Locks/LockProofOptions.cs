namespace ConfigClients.Proof.Locks;

/// <summary>How much is tried.</summary>
public sealed record LockProofOptions
{
    /// <summary>Decides the faults and what the workers do.</summary>
    public required int Seed { get; init; }

    /// <summary>How many grants of the fenced arm there must be, at least; 0 for the short schedule, whatever there are.</summary>
    public int Grants { get; init; }

    /// <summary>How many contender processes there are.</summary>
    public int Processes { get; init; } = 8;

    /// <summary>How many workers of the fenced arm each of them has.</summary>
    public int Workers { get; init; } = 4;

    /// <summary>How long a worker rests between two holds, at most.</summary>
    public TimeSpan Rest { get; init; } = TimeSpan.FromMilliseconds(400);

    /// <summary>How long it is from one fault to the next, at most; the short schedule has times of its own.</summary>
    public TimeSpan Spacing { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Where progress is told.</summary>
    public TextWriter Output { get; init; } = TextWriter.Null;

    /// <summary>A run of half a minute with the short schedule.</summary>
    /// <param name="kind">Which store. One that all processes write in turn gets less to do: a process that is stopped in the middle of a write stops the others.</param>
    /// <param name="seed">The seed.</param>
    /// <returns>The options.</returns>
    public static LockProofOptions Brief(string kind, int seed) => kind == "embedded"
        ? new LockProofOptions { Seed = seed, Workers = 1, Rest = TimeSpan.FromSeconds(1), Spacing = TimeSpan.FromSeconds(16) }
        : new LockProofOptions { Seed = seed };
}
