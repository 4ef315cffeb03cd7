namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Reads several nodes at once, as the caller put them together. Each read fails alone.</summary>
internal sealed class ZooKeeperMultiReadRequest(ZooKeeperRead[] reads)
    : ZooKeeperRequestOf<IReadOnlyList<ZooKeeperReadResult>>(ZooKeeperOpCode.MultiRead, isWrite: false)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        foreach (ZooKeeperRead read in reads)
        {
            ZooKeeperMultiHeader.Write(writer, read.Kind == ZooKeeperReadKind.Data ? ZooKeeperOpCode.GetData : ZooKeeperOpCode.GetChildren);
            writer.WriteString(chroot, chroot.Length > 0 && read.Path.Length == 1 ? "" : read.Path);
            writer.WriteBoolean(false);
        }

        ZooKeeperMultiHeader.WriteEnd(writer);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot)
    {
        ZooKeeperReadResult[] results = new ZooKeeperReadResult[reads.Length];
        for (int i = 0; i < results.Length; i++)
        {
            ZooKeeperOpCode kind = ZooKeeperMultiHeader.Read(ref reader, out ZooKeeperError error);
            results[i] = (kind, reads[i].Kind) switch
            {
                (ZooKeeperOpCode.Error, _) => new ZooKeeperReadResult((ZooKeeperError)reader.ReadInt32(), null, null),
                (ZooKeeperOpCode.GetData, ZooKeeperReadKind.Data) => new ZooKeeperReadResult(error, reader.ReadNode(), null),
                (ZooKeeperOpCode.GetChildren, ZooKeeperReadKind.Children) => new ZooKeeperReadResult(error, null, reader.ReadStrings()),
                _ => throw ZooKeeperReader.Violation($"a result of kind {(int)kind} for a read of {reads[i].Kind}"),
            };
        }

        ZooKeeperMultiHeader.ReadEnd(ref reader);
        Complete(results);
    }
}
