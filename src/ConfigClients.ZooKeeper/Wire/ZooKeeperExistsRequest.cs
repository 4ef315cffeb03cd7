namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Reads the stat; null if there is no such node.</summary>
internal sealed class ZooKeeperExistsRequest() : ZooKeeperRequestOf<ZooKeeperStat?>(ZooKeeperOpCode.Exists, isWrite: false)
{
    private static readonly ZooKeeperRequestPool<ZooKeeperExistsRequest> Pool = new();

    public static ZooKeeperExistsRequest Rent(string path)
    {
        ZooKeeperExistsRequest request = Pool.Rent();
        request.Path = path;
        return request;
    }

    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        WritePath(writer, chroot);
        writer.WriteBoolean(false);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) => Complete(reader.ReadStat());

    public override void Refuse(ZooKeeperError error, long zxid)
    {
        if (error == ZooKeeperError.NoNode)
        {
            Complete(null);
        }
        else
        {
            base.Refuse(error, zxid);
        }
    }

    protected override void Recycle() => Pool.Return(this);
}
