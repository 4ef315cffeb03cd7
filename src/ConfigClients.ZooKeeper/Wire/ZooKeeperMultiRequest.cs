namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Carries out several operations, all or none.</summary>
internal sealed class ZooKeeperMultiRequest(ZooKeeperOp[] operations) : ZooKeeperRequestOf<ZooKeeperMultiResult>(ZooKeeperOpCode.Multi, isWrite: true)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        foreach (ZooKeeperOp operation in operations)
        {
            operation.Write(writer, chroot);
        }

        ZooKeeperMultiHeader.WriteEnd(writer);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot)
    {
        ZooKeeperOpResult[] results = new ZooKeeperOpResult[operations.Length];
        for (int i = 0; i < results.Length; i++)
        {
            results[i] = operations[i].ReadResult(ref reader, chroot);
        }

        ZooKeeperMultiHeader.ReadEnd(ref reader);
        Complete(new ZooKeeperMultiResult(zxid, results));
    }
}
