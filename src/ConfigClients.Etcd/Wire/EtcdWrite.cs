using Etcdserverpb;
using Google.Protobuf;

namespace ConfigClients.Etcd.Wire;

/// <summary>One write of a commit.</summary>
/// <param name="key">The key.</param>
/// <param name="stored">Its name in etcd.</param>
/// <param name="value">The value; null deletes.</param>
/// <param name="lease">The lease of the session it shall live with; 0 for none.</param>
internal sealed class EtcdWrite(string key, ByteString stored, ByteString? value, long lease)
{
    public string Key => key;

    public ByteString Stored => stored;

    public bool IsSet => value is not null;

    /// <summary>What it takes for granted. A guess at first; a refused commit tells better.</summary>
    public EtcdGuard Guard { get; private set; } = lease == 0 ? EtcdGuard.Unbound : EtcdGuard.Missing;

    /// <summary>A condition of the same commit says that the key is there.</summary>
    public void Expect() => Guard = lease == 0 ? Guard : EtcdGuard.Own;

    /// <summary>What has to hold for the guess to be right.</summary>
    public Compare Check() => Guard switch
    {
        EtcdGuard.Missing => new Compare { Key = stored, Target = Compare.Types.CompareTarget.Version, Result = Compare.Types.CompareResult.Equal, Version = 0 },
        EtcdGuard.Bound => new Compare { Key = stored, Target = Compare.Types.CompareTarget.Lease, Result = Compare.Types.CompareResult.NotEqual, Lease = 0 },

        // A key that is not there reads as living with lease 0.
        _ => new Compare { Key = stored, Target = Compare.Types.CompareTarget.Lease, Result = Compare.Types.CompareResult.Equal, Lease = lease },
    };

    /// <summary>The operation, for a key as <see cref="Guard"/> says.</summary>
    public RequestOp Build() => Build(Guard);

    /// <summary>The operation, for a key as a guard says.</summary>
    public RequestOp Build(EtcdGuard guard) => value is null
        ? new RequestOp { RequestDeleteRange = new DeleteRangeRequest { Key = stored } }
        : new RequestOp { RequestPut = BuildPut(guard) };

    /// <summary>The put, for a key as a guard says.</summary>
    public PutRequest BuildPut(EtcdGuard guard) => new() { Key = stored, Value = value, Lease = lease, IgnoreLease = guard == EtcdGuard.Bound };

    /// <summary>Takes in how the key stood. False if nothing that this write could take for granted would be true: the key lives with another session, or none.</summary>
    public bool Learn(EtcdState state)
    {
        if (lease == 0)
        {
            Guard = state.Lease == 0 ? EtcdGuard.Unbound : EtcdGuard.Bound;
            return true;
        }

        Guard = state.Exists ? EtcdGuard.Own : EtcdGuard.Missing;
        return !state.Exists || state.Lease == lease;
    }
}
