namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Reads the names of children; null if there is no such node.</summary>
internal sealed class ZooKeeperChildrenRequest() : ZooKeeperRequestOf<ZooKeeperChildren?>(ZooKeeperOpCode.GetChildren2, isWrite: false)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        WritePath(writer, chroot);
        writer.WriteBoolean(false);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) =>
        Complete(new ZooKeeperChildren(reader.ReadStrings(), reader.ReadStat()));

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
}
