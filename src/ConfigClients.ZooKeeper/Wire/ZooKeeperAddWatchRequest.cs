namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Adds a watch that goes on.</summary>
/// <param name="mode">What it covers.</param>
/// <param name="onArmed">Called when the answer is read, before any later frame is: from then on a reconnect must arm it again.</param>
internal sealed class ZooKeeperAddWatchRequest(ZooKeeperWatchMode mode, Action onArmed)
    : ZooKeeperRequestOf<long>(ZooKeeperOpCode.AddWatch, isWrite: false)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        WritePath(writer, chroot);
        writer.WriteInt32((int)mode);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot)
    {
        onArmed();
        Complete(zxid);
    }
}
