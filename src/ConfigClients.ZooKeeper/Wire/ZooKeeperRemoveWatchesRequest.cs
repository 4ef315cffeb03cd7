namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Removes whatever watches a path. Of the finer kinds, servers before 3.9 do not know all, and mean something else by the others.</summary>
internal sealed class ZooKeeperRemoveWatchesRequest() : ZooKeeperRequestOf<long>(ZooKeeperOpCode.RemoveWatches, isWrite: false)
{
    private const int Any = 3;

    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        WritePath(writer, chroot);
        writer.WriteInt32(Any);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) => Complete(zxid);

    /// <remarks>That there is none left is what was wanted.</remarks>
    public override void Refuse(ZooKeeperError error, long zxid) => Complete(zxid);
}
