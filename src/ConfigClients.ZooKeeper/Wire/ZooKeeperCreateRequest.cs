namespace ConfigClients.ZooKeeper.Wire;

/// <summary>Creates a node.</summary>
internal sealed class ZooKeeperCreateRequest() : ZooKeeperRequestOf<ZooKeeperCreated>(ZooKeeperOpCode.Create2, isWrite: true)
{
    private static readonly ZooKeeperRequestPool<ZooKeeperCreateRequest> Pool = new();

    private ZooKeeperCreation _creation;

    public static ZooKeeperCreateRequest Rent(string path, in ZooKeeperCreation creation)
    {
        ZooKeeperCreateRequest request = Pool.Rent();
        request.Path = path;
        request._creation = creation;
        request.OpCode = creation.OpCode;
        return request;
    }

    public override void WriteBody(ZooKeeperWriter writer, string chroot)
    {
        if (_creation.IsSequential)
        {
            // The slash of a root is part of the name here: the server appends to it.
            writer.WriteString(chroot, Path);
        }
        else
        {
            WritePath(writer, chroot);
        }

        _creation.Write(writer);
    }

    public override void Succeed(ref ZooKeeperReader reader, long zxid, string chroot) =>
        Complete(new ZooKeeperCreated(ReadPath(ref reader, chroot), reader.ReadStat()));

    /// <summary>Reads a path that was created.</summary>
    public static string ReadPath(ref ZooKeeperReader reader, string chroot) =>
        ZooKeeperPaths.Strip(chroot, reader.ReadString()) ?? throw ZooKeeperReader.Violation("a node was created outside the chroot");

    protected override void Recycle()
    {
        _creation = default;
        Pool.Return(this);
    }
}
