namespace ConfigClients.Proof.Members;

/// <summary>How much is tried.</summary>
public sealed record MemberProofOptions
{
    /// <summary>Decides the faults.</summary>
    public required int Seed { get; init; }

    /// <summary>How many members there are.</summary>
    public int Processes { get; init; } = 20;

    /// <summary>How long the rounds of faults and quiet go on; null for one round with the short schedule.</summary>
    public TimeSpan? Length { get; init; }

    /// <summary>How long it is from one fault to the next, at most; the short schedule has times of its own.</summary>
    public TimeSpan Spacing { get; init; } = TimeSpan.FromSeconds(4);

    /// <summary>Where progress is told.</summary>
    public TextWriter Output { get; init; } = TextWriter.Null;
}
