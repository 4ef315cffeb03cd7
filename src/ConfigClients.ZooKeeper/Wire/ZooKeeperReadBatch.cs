namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Gets that different callers asked for at about the same time, as one request.</summary>
/// <remarks>
/// The server answers all from one state of its tree, and each fails alone. Nobody awaits the batch itself: its members have their own callers.
/// Used by one connection at a time, under the outbox's gate until it is sent and by the reading loop afterwards.
/// </remarks>
internal sealed class ZooKeeperReadBatch() : ZooKeeperRequest(ZooKeeperOpCode.MultiRead, isWrite: false)
{
    private static readonly ZooKeeperRequestPool<ZooKeeperReadBatch> Pool = new();

    private readonly List<ZooKeeperGetRequest> _members = [];

    /// <summary>The gets, in the order they were submitted.</summary>
    public IReadOnlyList<ZooKeeperGetRequest> Members => _members;

    /// <summary>The longest data in the answer, in bytes.</summary>
    public int LongestBytes { get; private set; }

    public static ZooKeeperReadBatch Rent() => Pool.Rent();

    public void Add(ZooKeeperGetRequest member) => _members.Add(member);

    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        foreach (ZooKeeperGetRequest member in _members)
        {
            ZooKeeperMultiHeader.Write(writer, ZooKeeperOpCode.GetData);
            member.WriteBody(writer, chroot);
        }

        ZooKeeperMultiHeader.WriteEnd(writer);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot)
    {
        foreach (ZooKeeperGetRequest member in _members)
        {
            switch (ZooKeeperMultiHeader.Read(ref reader, out _))
            {
                case ZooKeeperOpCode.GetData:
                    member.Succeed(ref reader, zxid, chroot);
                    LongestBytes = Math.Max(LongestBytes, member.DataBytes);
                    break;
                case ZooKeeperOpCode.Error:
                    member.Refuse((ZooKeeperError)reader.ReadInt32(), zxid);
                    break;
                case var kind:
                    throw ZooKeeperReader.Violation($"a result of kind {(int)kind} for a read of data");
            }
        }

        ZooKeeperMultiHeader.ReadEnd(ref reader);
    }

    public override void Refuse(ZooKeeperError error, long zxid)
    {
        foreach (ZooKeeperGetRequest member in _members)
        {
            member.Refuse(error, zxid);
        }
    }

    public override void Fail(Exception exception)
    {
        foreach (ZooKeeperGetRequest member in _members)
        {
            member.Fail(exception);
        }
    }

    public override void Lose(Exception reason)
    {
        foreach (ZooKeeperGetRequest member in _members)
        {
            member.Lose(reason);
        }
    }

    public override void ReleaseByWire()
    {
        foreach (ZooKeeperGetRequest member in _members)
        {
            member.ReleaseByWire();
        }

        Empty();
    }

    /// <summary>Lets go of members that are to be sent in another way.</summary>
    public void Empty()
    {
        _members.Clear();
        LongestBytes = 0;
        Unclaim();
        Pool.Return(this);
    }
}
