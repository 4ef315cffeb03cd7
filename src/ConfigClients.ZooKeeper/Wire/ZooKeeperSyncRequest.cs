namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Has the server catch up with the leader; answers with the transaction number reached.</summary>
internal sealed class ZooKeeperSyncRequest() : ZooKeeperRequestOf<long>(ZooKeeperOpCode.Sync, isWrite: false)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot) => WritePath(writer, chroot);

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) => Complete(zxid);
}
