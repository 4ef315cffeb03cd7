namespace ConfigClients.ZooKeeper.Wire;

/// <summary>One operation of a multi.</summary>
internal readonly record struct ZooKeeperOp(ZooKeeperOpCode OpCode, string Path, int Version, ZooKeeperCreation Creation)
{
    /// <summary>Writes the operation, header included.</summary>
    public void Write(ZooKeeperWriter writer, string chroot)
    {
        ZooKeeperMultiHeader.Write(writer, OpCode);
        writer.WriteString(chroot, chroot.Length > 0 && Path.Length == 1 && !Creation.IsSequential ? "" : Path);
        switch (OpCode)
        {
            case ZooKeeperOpCode.Check or ZooKeeperOpCode.Delete:
                writer.WriteInt32(Version);
                break;
            case ZooKeeperOpCode.SetData:
                writer.WriteData(Creation.Data);
                writer.WriteInt32(Version);
                break;
            default:
                Creation.Write(writer);
                break;
        }
    }

    /// <summary>Reads the result. Its kind says what follows, not the operation: servers differ in what they send for a create.</summary>
    public ZooKeeperOpResult ReadResult(ref ZooKeeperReader reader, string chroot)
    {
        ZooKeeperOpCode kind = ZooKeeperMultiHeader.Read(ref reader, out ZooKeeperError error);
        switch (kind)
        {
            case ZooKeeperOpCode.Error:
                return new ZooKeeperOpResult((ZooKeeperError)reader.ReadInt32(), null, null);
            case ZooKeeperOpCode.Create when IsCreate:
                return new ZooKeeperOpResult(error, ZooKeeperCreateRequest.ReadPath(ref reader, chroot), null);
            case ZooKeeperOpCode.Create2 when IsCreate:
                return new ZooKeeperOpResult(error, ZooKeeperCreateRequest.ReadPath(ref reader, chroot), reader.ReadStat());
            case ZooKeeperOpCode.SetData when OpCode == kind:
                return new ZooKeeperOpResult(error, null, reader.ReadStat());
            case ZooKeeperOpCode.Delete or ZooKeeperOpCode.Check when OpCode == kind:
                return new ZooKeeperOpResult(error, null, null);
            default:
                throw ZooKeeperReader.Violation($"a result of kind {(int)kind} for an operation of kind {(int)OpCode}");
        }
    }

    private bool IsCreate => OpCode is ZooKeeperOpCode.Create2 or ZooKeeperOpCode.CreateContainer or ZooKeeperOpCode.CreateTtl;
}
