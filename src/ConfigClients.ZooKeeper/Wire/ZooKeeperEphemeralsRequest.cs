namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Lists the ephemeral nodes of this session below a node.</summary>
internal sealed class ZooKeeperEphemeralsRequest() : ZooKeeperRequestOf<IReadOnlyList<string>>(ZooKeeperOpCode.GetEphemerals, isWrite: false)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot) => WritePath(writer, chroot);

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot)
    {
        List<string> inside = [];
        foreach (string path in reader.ReadStrings())
        {
            if (ZooKeeperPaths.Strip(chroot, path) is { } stripped)
            {
                inside.Add(stripped);
            }
        }

        Complete(inside);
    }
}
