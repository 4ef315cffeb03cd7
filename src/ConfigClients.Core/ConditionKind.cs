namespace ConfigClients;

/// <summary>The kinds of <see cref="Condition"/>.</summary>
public enum ConditionKind
{
    /// <summary>Nothing need hold.</summary>
    None,

    /// <summary>The key exists.</summary>
    Exists,

    /// <summary>The key does not exist.</summary>
    Absent,

    /// <summary>The key exists and is still the given version.</summary>
    UnchangedSince,

    /// <summary>The key exists and lives with the given session: the seat still stands.</summary>
    HeldBy,
}
