namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Reads an access control list.</summary>
internal sealed class ZooKeeperGetAclRequest() : ZooKeeperRequestOf<ZooKeeperAccess>(ZooKeeperOpCode.GetAcl, isWrite: false)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot) => WritePath(writer, chroot);

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) =>
        Complete(new ZooKeeperAccess(ZooKeeperAcls.Read(ref reader), reader.ReadStat()));
}
