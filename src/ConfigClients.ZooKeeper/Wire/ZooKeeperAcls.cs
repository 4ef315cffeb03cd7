namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Access control lists as bytes.</summary>
internal static class ZooKeeperAcls
{
    public static void Write(ZooKeeperWriter writer, IReadOnlyList<ZooKeeperAcl> acl)
    {
        writer.WriteInt32(acl.Count);
        foreach (ZooKeeperAcl entry in acl)
        {
            writer.WriteInt32((int)entry.Permissions);
            writer.WriteString(entry.Scheme);
            writer.WriteString(entry.Id);
        }
    }

    public static ZooKeeperAcl[] Read(ref ZooKeeperReader reader)
    {
        ZooKeeperAcl[] acl = new ZooKeeperAcl[reader.ReadCount(12)];
        for (int i = 0; i < acl.Length; i++)
        {
            acl[i] = new ZooKeeperAcl((ZooKeeperPermissions)reader.ReadInt32(), reader.ReadString(), reader.ReadString());
        }

        return acl;
    }
}
