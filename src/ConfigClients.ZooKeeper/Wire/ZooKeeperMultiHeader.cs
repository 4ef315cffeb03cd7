namespace ConfigClients.ZooKeeper.Wire;

/// <summary>What stands before each operation and each result of a multi, and behind the last.</summary>
internal static class ZooKeeperMultiHeader
{
    /// <summary>The size in bytes; no result is smaller.</summary>
    public const int Bytes = 9;

    public static void Write(ZooKeeperWriter writer, ZooKeeperOpCode opCode)
    {
        writer.WriteInt32((int)opCode);
        writer.WriteBoolean(false);
        writer.WriteInt32(-1);
    }

    /// <summary>Writes the end.</summary>
    public static void WriteEnd(ZooKeeperWriter writer)
    {
        writer.WriteInt32(-1);
        writer.WriteBoolean(true);
        writer.WriteInt32(-1);
    }

    /// <summary>Reads the header of a result; the end is a violation, because more is awaited.</summary>
    public static ZooKeeperOpCode Read(ref ZooKeeperReader reader, out ZooKeeperError error)
    {
        ZooKeeperOpCode kind = (ZooKeeperOpCode)reader.ReadInt32();
        bool isEnd = reader.ReadBoolean();
        error = (ZooKeeperError)reader.ReadInt32();
        return !isEnd ? kind : throw ZooKeeperReader.Violation("fewer results than operations");
    }

    /// <summary>Reads the end; another result is a violation.</summary>
    public static void ReadEnd(ref ZooKeeperReader reader)
    {
        _ = reader.ReadInt32();
        bool isEnd = reader.ReadBoolean();
        _ = reader.ReadInt32();
        if (!isEnd)
        {
            throw ZooKeeperReader.Violation("more results than operations");
        }
    }
}
