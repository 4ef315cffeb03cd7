namespace ConfigClients.Proof.Resource;

/// <summary>What is tried. The first must lose nothing; the others must lose something, or the faults prove nothing.</summary>
public enum Arm
{
    /// <summary>Our lock, and a resource that refuses smaller tokens than it has seen.</summary>
    Fenced,

    /// <summary>Our lock, looked at once before a step of up to two seconds; the resource takes everything.</summary>
    Unfenced,

    /// <summary>A key that is set if absent and lives with a session that nobody looks at; the resource takes everything.</summary>
    Naive,
}
