using Etcdserverpb;

namespace ConfigClients.Etcd.Wire;

/// <summary>How far a store was, in which history. One that was wiped, restored or replaced tells another history, in which old revisions mean nothing.</summary>
/// <param name="Cluster">The cluster's id; 0 if it was not told.</param>
/// <param name="Term">The number of the leader's term.</param>
/// <param name="Revision">The revision.</param>
internal readonly record struct EtcdHistory(ulong Cluster, ulong Term, long Revision)
{
    /// <summary>Reads it from the header of an answer. A member that lags behind tells what was.</summary>
    public static EtcdHistory From(ResponseHeader? header) => header is null ? default : new EtcdHistory(header.ClusterId, header.RaftTerm, header.Revision);

    /// <summary>Why it cannot be the same history as one seen before, further on; null if it can.</summary>
    public string? BreakWith(EtcdHistory seen) =>
        Cluster == 0 || seen.Cluster == 0 ? null
        : Cluster != seen.Cluster ? "another cluster answers at this address"
        : Revision < seen.Revision ? $"the store's revision went back from {seen.Revision} to {Revision}, as after a restore"
        : Term < seen.Term ? $"the store's terms began anew at {Term}, after {seen.Term}, as after a restore"
        : null;
}
