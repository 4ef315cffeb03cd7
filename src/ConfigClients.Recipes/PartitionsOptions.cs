namespace ConfigClients.Recipes;

/// <summary>How many partitions there are, and what this member does when one comes or goes.</summary>
public sealed class PartitionsOptions
{
    /// <summary>How many. The same for all members. 1 to 65,536.</summary>
    public required int Count { get; init; }

    /// <summary>Who this member is: one segment of a key, unique in the group. Default: machine, process, and a random part.</summary>
    public string? MemberId { get; init; }

    /// <summary>How much more than the mean one member may have. The same for all members. 1 to 10; default 1.25.</summary>
    public double MaxLoad { get; init; } = 1.25;

    /// <summary>
    /// Called when this member has got a partition: start its work. It is owned already. The token is cancelled when the ownership is lost.
    /// An exception gives the partition back, to be tried again a second later.
    /// </summary>
    public Func<PartitionOwnership, CancellationToken, Task>? OnAcquiring { get; init; }

    /// <summary>
    /// Called before this member lets a partition go: finish its work. It is owned until this returns, or until the ownership is lost, which cancels the token.
    /// Called after a loss, too, with a token that is cancelled: then somebody else may own it already.
    /// </summary>
    public Func<PartitionOwnership, CancellationToken, Task>? OnReleasing { get; init; }

    /// <summary>Session and clock.</summary>
    public ContenderOptions Contender { get; init; } = new();
}
