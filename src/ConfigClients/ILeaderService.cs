using ConfigClients.Recipes;

namespace ConfigClients;

/// <summary>Work that one process at a time does: the leader. Registered with <c>AddLeaderService</c>.</summary>
/// <remarks>Made anew for each lead, in a scope of its own, and disposed of with it: nothing of an earlier lead is left.</remarks>
public interface ILeaderService
{
    /// <summary>Does the work for as long as this process leads. Called once for each lead.</summary>
    /// <param name="leadership">
    /// The lead. <see cref="Leadership.Term"/> is the fencing token of what is written elsewhere; <c>leadership.Hold.Guard</c> has the store itself
    /// refuse what is written too late. It is not yours to dispose of: return to resign.
    /// </param>
    /// <param name="stopping">
    /// Cancelled while there is still <see cref="LeaderServiceOptions.Grace"/> before anybody else can lead, and at once when the host stops.
    /// Return soon then, by an <see cref="OperationCanceledException"/> if you like. <see cref="Leadership.Lost"/> is the deadline.
    /// </param>
    /// <returns>When done. Returning or throwing before <paramref name="stopping"/> is cancelled resigns; after a pause this process is a candidate again.</returns>
    Task RunAsync(Leadership leadership, CancellationToken stopping);
}
