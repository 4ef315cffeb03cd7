namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Reads data and stat; null if there is no such node. Travels alone or in a <see cref="ZooKeeperReadBatch"/>.</summary>
internal sealed class ZooKeeperGetRequest() : ZooKeeperRequestOf<ZooKeeperNode?>(ZooKeeperOpCode.GetData, isWrite: false)
{
    private static readonly ZooKeeperRequestPool<ZooKeeperGetRequest> Pool = new();

    /// <summary>Whether it must not share a request: its answer is known to be large.</summary>
    public bool Alone { get; set; }

    /// <summary>How long the data was, once it was answered; -1 before.</summary>
    public int DataBytes { get; private set; } = -1;

    public static ZooKeeperGetRequest Rent(string path)
    {
        ZooKeeperGetRequest request = Pool.Rent();
        request.Path = path;
        return request;
    }

    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        WritePath(writer, chroot);
        writer.WriteBoolean(false);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot)
    {
        if (IsClaimed)
        {
            reader.SkipNode();
            return;
        }

        ZooKeeperNode node = reader.ReadNode();
        DataBytes = node.Data.Length;
        Complete(node);
    }

    public override void Refuse(ZooKeeperError error, long zxid)
    {
        if (error == ZooKeeperError.NoNode)
        {
            DataBytes = 0;
            Complete(null);
        }
        else
        {
            base.Refuse(error, zxid);
        }
    }

    protected override void Recycle()
    {
        Alone = false;
        DataBytes = -1;
        Pool.Return(this);
    }
}
