namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Deletes a node; answers with the transaction's number.</summary>
internal sealed class ZooKeeperDeleteRequest() : ZooKeeperRequestOf<long>(ZooKeeperOpCode.Delete, isWrite: true)
{
    private static readonly ZooKeeperRequestPool<ZooKeeperDeleteRequest> Pool = new();

    private int _version;

    public static ZooKeeperDeleteRequest Rent(string path, int version)
    {
        ZooKeeperDeleteRequest request = Pool.Rent();
        request.Path = path;
        request._version = version;
        return request;
    }

    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        WritePath(writer, chroot);
        writer.WriteInt32(_version);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) => Complete(zxid);

    protected override void Recycle() => Pool.Return(this);
}
