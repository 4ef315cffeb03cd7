namespace ConfigClients.Recipes.Queueing;

/// <summary>When it is a contender's turn.</summary>
/// <param name="IsIn">Whether the seats ahead, the oldest first, let him in. Once true, it stays true as more of them go.</param>
/// <param name="Blocker">Which of them to wait for before it is worth looking again, when he is not in; null if no single one decides.</param>
internal sealed record Turn(Func<IReadOnlyList<ConfigEntry>, bool> IsIn, Func<IReadOnlyList<ConfigEntry>, ConfigEntry>? Blocker)
{
    /// <summary>Only one at a time: a lock, an election, a writer.</summary>
    public static Turn First { get; } = new(static ahead => ahead.Count == 0, static ahead => ahead[^1]);
}
