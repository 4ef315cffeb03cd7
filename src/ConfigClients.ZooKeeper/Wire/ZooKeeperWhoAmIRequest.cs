namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Asks who this client is to the server.</summary>
internal sealed class ZooKeeperWhoAmIRequest() : ZooKeeperRequestOf<IReadOnlyList<ZooKeeperIdentity>>(ZooKeeperOpCode.WhoAmI, isWrite: false)
{
    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot)
    {
        ZooKeeperIdentity[] identities = new ZooKeeperIdentity[reader.ReadCount(8)];
        for (int i = 0; i < identities.Length; i++)
        {
            identities[i] = new ZooKeeperIdentity(reader.ReadString(), reader.ReadString());
        }

        Complete(identities);
    }
}
