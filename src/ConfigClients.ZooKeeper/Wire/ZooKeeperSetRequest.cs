namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Sets data.</summary>
internal sealed class ZooKeeperSetRequest() : ZooKeeperRequestOf<ZooKeeperStat>(ZooKeeperOpCode.SetData, isWrite: true)
{
    private static readonly ZooKeeperRequestPool<ZooKeeperSetRequest> Pool = new();

    private ReadOnlyMemory<byte>? _data;
    private int _version;

    public static ZooKeeperSetRequest Rent(string path, ReadOnlyMemory<byte>? data, int version)
    {
        ZooKeeperSetRequest request = Pool.Rent();
        request.Path = path;
        request._data = data;
        request._version = version;
        return request;
    }

    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        WritePath(writer, chroot);
        writer.WriteData(_data);
        writer.WriteInt32(_version);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) => Complete(reader.ReadStat());

    protected override void Recycle()
    {
        _data = null;
        Pool.Return(this);
    }
}
