namespace ConfigClients.Recipes;

/// <summary>What is known of one partition, as of one revision of the store. Immutable.</summary>
/// <param name="IsWanted">Whether it should be this member's.</param>
/// <param name="Claim">Who has it; null if nobody does.</param>
/// <param name="Revision">The store revision up to which this is known.</param>
internal sealed record PartitionNews(bool IsWanted, ConfigEntry? Claim, long Revision)
{
    /// <summary>Nothing yet.</summary>
    public static PartitionNews None { get; } = new(false, null, 0);

    /// <summary>Whether an ownership is over: somebody else has claimed the partition, or somebody deleted the claim. What is older than the claim says nothing about it.</summary>
    public bool IsOver(PartitionOwnership owned) => Claim is { } claim ? claim.CreateRevision > owned.Epoch : Revision >= owned.Epoch;
}
