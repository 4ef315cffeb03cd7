namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Reads parts of branches, all from one state of the tree, straight into them.</summary>
internal sealed class ZooKeeperBranchRequest(IReadOnlyList<ZooKeeperBranchPart> parts) : ZooKeeperRequestOf<bool>(ZooKeeperOpCode.MultiRead, isWrite: false)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        foreach (ZooKeeperBranchPart part in parts)
        {
            if (part.WithNames)
            {
                ZooKeeperMultiHeader.Write(writer, ZooKeeperOpCode.GetChildren);
                writer.WriteString(chroot, part.Branch.Path);
                writer.WriteBoolean(false);
            }

            for (int i = part.First; i < part.First + part.Count; i++)
            {
                ZooKeeperMultiHeader.Write(writer, ZooKeeperOpCode.GetData);
                writer.WriteString(chroot, part.Branch.Head, part.Branch.Names[i]);
                writer.WriteBoolean(false);
            }
        }

        ZooKeeperMultiHeader.WriteEnd(writer);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot)
    {
        // Whoever gave up has given up the branches, too.
        if (IsClaimed)
        {
            return;
        }

        foreach (ZooKeeperBranchPart part in parts)
        {
            if (part.WithNames)
            {
                bool isThere = IsThere(ref reader, ZooKeeperOpCode.GetChildren, part.Branch.Path);
                part.Branch.TakeNames(isThere ? reader.ReadStrings() : null);
            }

            for (int i = part.First; i < part.First + part.Count; i++)
            {
                bool isThere = IsThere(ref reader, ZooKeeperOpCode.GetData, part.Branch.Path);
                part.Branch.Take(i, isThere ? reader.ReadNode() : null);
            }
        }

        ZooKeeperMultiHeader.ReadEnd(ref reader);
        Complete(true);
    }

    // A node that is not there is an answer; one that may not be read must not pass for one that is not there.
    private bool IsThere(ref ZooKeeperReader reader, ZooKeeperOpCode wanted, string path)
    {
        ZooKeeperOpCode kind = ZooKeeperMultiHeader.Read(ref reader, out _);
        if (kind == ZooKeeperOpCode.Error)
        {
            ZooKeeperError error = (ZooKeeperError)reader.ReadInt32();
            if (error is not (ZooKeeperError.None or ZooKeeperError.NoNode))
            {
                Fail(new ZooKeeperException(error, $"\"{path}\" and what lies below it could not be read ({error}).") { Path = path });
            }

            return false;
        }

        return kind == wanted ? true : throw ZooKeeperReader.Violation($"a result of kind {(int)kind} for a read of {wanted}");
    }
}
