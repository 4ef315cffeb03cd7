using Etcdserverpb;

namespace ConfigClients.Etcd.Wire;

/// <summary>How a key stood when a commit was refused.</summary>
/// <param name="ModRevision">The write that made its version; 0 if it was not there.</param>
/// <param name="Lease">The lease it lives with; 0 for none.</param>
internal readonly record struct EtcdState(long ModRevision, long Lease)
{
    /// <summary>Whether the key was there.</summary>
    public bool Exists => ModRevision != 0;

    /// <summary>Reads it from the answer to a read of the key.</summary>
    public static EtcdState From(ResponseOp answer) => answer.ResponseRange switch
    {
        null => throw EtcdFailures.Violation("A refused commit was answered without the state of its keys", isWrite: false),
        { Kvs.Count: 0 } => default,
        { Kvs: var rows } => new EtcdState(rows[0].ModRevision, rows[0].Lease),
    };

    /// <summary>Whether a condition holds.</summary>
    public bool Meets(Condition condition) => condition.Kind switch
    {
        ConditionKind.Exists => Exists,
        ConditionKind.Absent => !Exists,
        ConditionKind.UnchangedSince => ModRevision == condition.Revision.Number,
        ConditionKind.HeldBy => Exists && Lease == EtcdRow.Lease(condition.Session!.Id),
        _ => true,
    };
}
