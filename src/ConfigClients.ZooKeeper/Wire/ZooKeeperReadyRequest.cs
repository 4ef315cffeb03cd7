namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Waits in line like any request, and is answered with the session when its turn to be sent comes. Never sent.</summary>
internal sealed class ZooKeeperReadyRequest() : ZooKeeperRequestOf<ZooKeeperClientSession>(ZooKeeperOpCode.Ping, isWrite: false)
{
    public override string Name => "Connect";

    /// <summary>A server is there.</summary>
    public void Answer(ZooKeeperClientSession session) => Complete(session);

    public override void WriteBody(ZooKeeperWriter writer, string chroot) => throw new InvalidOperationException("This request is answered here.");

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) => throw new InvalidOperationException("This request is answered here.");
}
