namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Counts all nodes below a node.</summary>
internal sealed class ZooKeeperChildrenCountRequest() : ZooKeeperRequestOf<int>(ZooKeeperOpCode.GetAllChildrenNumber, isWrite: false)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot) => WritePath(writer, chroot);

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) => Complete(reader.ReadInt32());
}
