namespace ConfigClients.Embedded.Wire;

/// <summary>What a write needs to know of the key it meets.</summary>
/// <param name="Revision">The write that made this version.</param>
/// <param name="Created">The write that created the key.</param>
/// <param name="Session">The session it lives with, or null.</param>
internal readonly record struct EmbeddedRow(long Revision, long Created, string? Session)
{
    /// <summary>Whether a condition holds for a key.</summary>
    /// <param name="condition">The condition.</param>
    /// <param name="row">The key's row, or null if it does not exist.</param>
    /// <returns>True if it holds.</returns>
    public static bool Satisfies(Condition condition, EmbeddedRow? row) => condition.Kind switch
    {
        ConditionKind.None => true,
        ConditionKind.Exists => row is not null,
        ConditionKind.Absent => row is null,
        ConditionKind.UnchangedSince => row is { } present && condition.Revision == new Revision(present.Revision),
        _ => row is { Session: { } session } && session == condition.Session!.Id,
    };
}
