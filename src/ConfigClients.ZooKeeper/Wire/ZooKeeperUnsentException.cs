using System.Diagnostics.CodeAnalysis;

namespace ConfigClients.ZooKeeper.Wire;

/// <summary>A call was cancelled, and nothing had been written by then: whoever cancelled it because the time was up can promise that.</summary>
[SuppressMessage("Design", "CA1032:Implement standard exception constructors", Justification = "Made in two places, with what it is for.")]
internal sealed class ZooKeeperUnsentException(ZooKeeperException? reason, CancellationToken cancellationToken) : OperationCanceledException(cancellationToken)
{
    /// <summary>Why it was still waiting; null if it was not.</summary>
    public ZooKeeperException? Reason => reason;
}
