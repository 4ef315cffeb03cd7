namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Sets an access control list.</summary>
internal sealed class ZooKeeperSetAclRequest(IReadOnlyList<ZooKeeperAcl> acl, int version)
    : ZooKeeperRequestOf<ZooKeeperStat>(ZooKeeperOpCode.SetAcl, isWrite: true)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        WritePath(writer, chroot);
        ZooKeeperAcls.Write(writer, acl);
        writer.WriteInt32(version);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) => Complete(reader.ReadStat());
}
